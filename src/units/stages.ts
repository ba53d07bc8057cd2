// Stages: how a level (events per second, clients) changes over the measured time, as people write them
// (`30s:50, 1m:200`). A stage says how long it takes to get from the level before it to its own; in between it is linear.
import { parseDurationMillis } from './duration.ts';
import { type Parsed, parsed, unparsed } from './parsed.ts';
import { parsePerSecond } from './rate.ts';

export interface Stage {
  readonly durationMillis: number;
  /** The level at its end. */
  readonly target: number;
}

const MOST_STAGES = 1_000;
const DAY_MILLIS = 24 * 3_600_000;
const EXAMPLE = '30s:50, 1m:200';

/** `DURATION:TARGET, …`; `parseTarget` reads what follows the colon. */
export function parseStages(text: string, parseTarget: (text: string) => Parsed<number>): Parsed<Stage[]> {
  const parts = text.split(',');
  if (parts.length > MOST_STAGES) return unparsed(`${parts.length} stages; there may be ${MOST_STAGES}`);
  const stages: Stage[] = [];
  for (const part of parts) {
    const [, duration = '', target = ''] = /^\s*([^:]+?)\s*:\s*(.+?)\s*$/.exec(part) ?? [];
    if (target === '') return unparsed(`"${part.trim()}" is not DURATION:TARGET, as in ${EXAMPLE}`);
    const durationMillis = parseDurationMillis(duration);
    if (!durationMillis.ok) return durationMillis;
    const level = parseTarget(target);
    if (!level.ok) return level;
    stages.push({ durationMillis: durationMillis.value, target: level.value });
  }
  const millis = stagesMillis(stages);
  if (millis === 0) return unparsed(`"${text}" takes no time; give a stage a duration, as in ${EXAMPLE}`);
  if (millis > DAY_MILLIS) return unparsed(`"${text}" takes longer than a day, the longest run`);
  return parsed(stages);
}

/** Stages of a rate per second. */
export function parseRateStages(text: string): Parsed<Stage[]> {
  return parseStages(text, parsePerSecond);
}

/** `30s:50, 1m:200` again, with the shortest units. */
export function renderStages(stages: readonly Stage[]): string {
  return stages.map(({ durationMillis, target }) => `${renderShort(durationMillis)}:${target}`).join(', ');
}

function renderShort(millis: number): string {
  if (millis % 3_600_000 === 0 && millis > 0) return `${millis / 3_600_000}h`;
  if (millis % 60_000 === 0 && millis > 0) return `${millis / 60_000}m`;
  return millis % 1_000 === 0 ? `${millis / 1_000}s` : `${millis}ms`;
}

export function stagesMillis(stages: readonly Stage[]): number {
  return stages.reduce((sum, { durationMillis }) => sum + durationMillis, 0);
}

/** The level so long after the start of the first stage; after the last it stays. */
export function levelAt(stages: readonly Stage[], startLevel: number, millis: number): number {
  let level = startLevel;
  let restMillis = millis;
  for (const { durationMillis, target } of stages) {
    if (restMillis < durationMillis)
      return level + ((target - level) * Math.max(0, restMillis)) / durationMillis;
    restMillis -= durationMillis;
    level = target;
  }
  return level;
}
