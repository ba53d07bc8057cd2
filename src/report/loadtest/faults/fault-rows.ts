// What faults cost, as rows of text that every report shows: who was dropped and came back, how the hub took the returns, and
// latency around each fault.
import type { FaultResult } from '../../../load/result/faults/fault-result.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderDurationMillis, renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { Rows } from '../../format/rows.ts';

interface FaultTable {
  readonly title: string;
  readonly rows: Rows;
}

type Cell = (fault: FaultResult) => string;

/** A longer command would leave no room for the numbers. */
const MOST_NAME_CHARS = 28;
const NOTHING = '-';

const millis = (value: number | null | undefined): string =>
  value === null || value === undefined ? NOTHING : renderDurationMillis(value);
const micros = (value: number | null | undefined): string =>
  value === null || value === undefined ? NOTHING : renderMicros(value);
/** Of clients that were dropped: without any there is nothing to count. */
const ofDropped =
  (cell: Cell): Cell =>
  (fault) =>
    fault.dropped === 0 ? NOTHING : cell(fault);

/** What clients that are still away have missed is not known before the end of a run. */
const ofReturned =
  (cell: Cell): Cell =>
  (fault) =>
    fault.missed.total === 0 && fault.returned < fault.dropped ? NOTHING : ofDropped(cell)(fault);

const NAME: readonly (readonly [head: string, cell: Cell])[] = [
  ['fault', faultName],
  ['at', ({ atMillis }) => renderDurationMillis(atMillis)],
];

const CLIENTS: typeof NAME = [
  ...NAME,
  ['lasted', (fault) => renderLasted(fault)],
  ['dropped', ({ dropped }) => renderCount(dropped)],
  ['back', ofDropped(({ returned }) => renderCount(returned))],
  ['first event p50', ({ firstEventMillis }) => millis(firstEventMillis?.p50)],
  ['p99', ({ firstEventMillis }) => millis(firstEventMillis?.p99)],
  ['max', ({ firstEventMillis }) => millis(firstEventMillis?.max)],
  ['missed p50', ofReturned(({ missed }) => renderCount(missed.p50))],
  ['p99', ofReturned(({ missed }) => renderCount(missed.p99))],
  ['max', ofReturned(({ missed }) => renderCount(missed.max))],
];

const RETURNS: typeof NAME = [
  ...NAME,
  ['refused for', ({ refusedMillis }) => millis(refusedMillis)],
  ['attempts', ({ attempts }) => renderCount(attempts.total)],
  ['failed', ({ attempts }) => renderCount(attempts.failed)],
  ['most in 1 s', ({ attempts }) => renderCount(attempts.peakPerSecond)],
  ['reconnect p50', ({ reconnectMillis }) => millis(reconnectMillis?.p50)],
  ['p99', ({ reconnectMillis }) => millis(reconnectMillis?.p99)],
  ['max', ({ reconnectMillis }) => millis(reconnectMillis?.max)],
];

const LATENCY: typeof NAME = [
  ...NAME,
  ['p99 before', ({ p99Micros }) => micros(p99Micros?.before)],
  ['worst second', ({ p99Micros }) => micros(p99Micros?.during)],
  ['after', ({ p99Micros }) => micros(p99Micros?.after)],
  ['settled after', ({ settledMillis }) => millis(settledMillis)],
];

/** `most`: of each table the first rows; undefined: all. */
export function faultTables({ faults = [] }: Pick<LoadtestResult, 'faults'>, most?: number): FaultTable[] {
  const shown = faults.slice(0, most);
  return [
    { title: 'Faults', rows: rowsOf(CLIENTS, shown) },
    { title: 'Returns after faults', rows: rowsOf(RETURNS, shown.filter(hasReturns)) },
    { title: 'Latency around faults', rows: rowsOf(LATENCY, shown.filter(hasLatency)) },
  ];
}

function rowsOf(columns: typeof NAME, faults: readonly FaultResult[]): Rows {
  return {
    head: columns.map(([head]) => head),
    rows: faults.map((fault) => columns.map(([, cell]) => cell(fault))),
  };
}

const hasReturns = ({ attempts }: FaultResult): boolean => attempts.total > 0;

const hasLatency = ({ p99Micros }: FaultResult): boolean =>
  p99Micros !== undefined && Object.values(p99Micros).some((value) => value !== null);

/** A moment has no length. */
function renderLasted({ atMillis, endedAtMillis }: FaultResult): string {
  if (endedAtMillis === null) return 'to the end';
  const lasted = endedAtMillis - atMillis;
  return lasted < 1 ? NOTHING : renderDurationMillis(lasted);
}

export function faultName({ fault }: Pick<FaultResult, 'fault'>): string {
  return fault.length <= MOST_NAME_CHARS ? fault : `${fault.slice(0, MOST_NAME_CHARS - 1)}…`;
}
