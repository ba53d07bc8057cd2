// Several hubs that must deliver the same events, as a table: what the clients of each received, and how far apart they are.
import type { LoadtestResult } from '../../../load/result/result.ts';
import type { TargetResources } from '../../../target/target.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import type { Rows } from '../../format/rows.ts';
import { urlWords } from '../../target-words.ts';

/** No rows with one hub. */
export function targetRows({ targets = [] }: LoadtestResult): Rows {
  return {
    head: ['target', 'URL', 'clients', 'evicted', 'received', 'lost', 'p50', 'p99', 'skew p50', 'skew p99'],
    rows: targets.map((one) => [
      `${one.target}`,
      `${urlWords(one)}${one.isPublishedAt ? ', events are published here' : ''}`,
      renderCount(one.connected),
      renderCount(one.evicted),
      renderCount(one.received),
      renderCount(one.lost),
      ...[one.latencyMicros, one.skewMicros].flatMap(({ count, p50, p99 }) =>
        [p50, p99].map((micros) => (count === 0 ? '-' : renderMicros(micros))),
      ),
    ]),
  };
}

/** What the process of the only hub holds. */
export function hubLines({ hub, targets }: LoadtestResult): string[] {
  return hub === null || targets !== undefined ? [] : [`hub: ${processWords(hub)}`];
}

const processWords = ({ cpuSeconds, rssBytes, descriptors }: TargetResources): string =>
  `${cpuSeconds.toFixed(1)} CPU s, ${renderBytes(rssBytes)} resident, ${descriptors} descriptors`;

/** How far apart they deliver an event, and what the process of each holds; nothing with one hub. */
export function targetLines({ targets = [], skewMicros }: LoadtestResult): string[] {
  if (skewMicros === undefined) return [];
  const { count, p50, p99, max } = skewMicros;
  const skew =
    count === 0
      ? 'not measured: no event arrived at two targets'
      : `from the first target that delivers an event to the last p50 ${renderMicros(p50)}, p99 ${renderMicros(p99)}, longest ${renderMicros(max)}`;
  const processes = targets.flatMap(({ target, resources }) =>
    resources === null ? [] : [`target ${target}: ${processWords(resources)}`],
  );
  return [`skew: ${skew}`, ...processes];
}
