// A cohort: clients that share a reading behaviour, as written on the command line (`stalled=50:stall(after=100)`).
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import type { Stage } from '../units/stages.ts';
import type { Behaviour } from './behaviour.ts';
import { BEHAVIOUR_WORDS, parseBehaviour } from './behaviour-language.ts';
import type { ReconnectPolicy } from './reconnect/reconnect.ts';

export interface Cohort {
  readonly name: string;
  /** At the start of the measured time. */
  readonly clients: number;
  readonly behaviour: Behaviour;
  /** How its clients come back when their connection ends; undefined: they do not. */
  readonly reconnect?: ReconnectPolicy | undefined;
  /** How the number of clients changes over the measured time; absent where it does not. */
  readonly stages?: readonly Stage[];
}

const MAX_COHORT_CLIENTS = 1_000_000;

/** Reads `NAME=COUNT[:BEHAVIOR]`; without a behavior, a name that is one means it, any other name is fast. */
export function parseCohort(text: string): Parsed<Cohort> {
  const match = /^([A-Za-z][A-Za-z0-9_-]*)=(\d+)(?::(.+))?$/.exec(text.trim());
  if (!match)
    return unparsed(`"${text}" is not NAME=COUNT[:BEHAVIOR], such as 'stalled=50:stall(after=100)'`);
  const [, name = '', count = ''] = match;
  const clients = Number(count);
  if (clients < 1 || clients > MAX_COHORT_CLIENTS) {
    return unparsed(`cohort ${name}: ${count} clients is out of range: 1 to ${MAX_COHORT_CLIENTS}`);
  }
  const words = match[3] ?? ((BEHAVIOUR_WORDS as readonly string[]).includes(name) ? name : 'fast');
  const behaviour = parseBehaviour(words);
  return behaviour.ok
    ? parsed({ name, clients, behaviour: behaviour.value })
    : unparsed(`cohort ${name}: ${behaviour.problem}`);
}
