// One check on one target, from opening its lab to its result. Whatever the check does, its connections are closed and
// a result comes out within its deadline.
import { setMaxListeners } from 'node:events';
import type { Target } from '../../target/target.ts';
import type { Clock, Timer } from '../../time/clock.ts';
import { DeadlineError, withDeadline } from '../../time/deadline.ts';
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import type { Check, Need } from '../check.ts';
import { CheckEnded, error, type Finding, skip } from '../finding.ts';
import { blameFrames, findFrameBreach, findSecondClose, warnOfSecondClose } from '../lab/frame-rules.ts';
import type { OwnedLab } from '../lab/open-lab.ts';
import { type CheckResult, judge } from '../result.ts';
import { findDoubt } from './starvation/find-doubt.ts';
import type { CpuWatch } from './starvation/watch/watch-cpu.ts';

export interface RunCheckParts {
  readonly check: Check;
  readonly clock: Clock;
  /** Opens a new lab; called again when the check is repeated. */
  readonly openLab: (signal: AbortSignal) => OwnedLab;
  readonly signal: AbortSignal;
  readonly cpu: CpuWatch;
}

/** Entries of the wire log that a report shows. */
const SHOWN_WIRE_ENTRIES = 60;

/** A check that goes on for so long after the end of the run is not waited for: its connections are closed. */
const LEFT_BEHIND_MILLIS = 1_000;

/** A check whose verdict is in doubt is run again, up to this many times in total. */
const MOST_ATTEMPTS = 3;

export async function runCheck(parts: RunCheckParts): Promise<CheckResult> {
  let attempt = await runOnce(parts);
  for (let made = 1; attempt.doubt !== undefined && made < MOST_ATTEMPTS; made++)
    attempt = await runOnce(parts);
  if (attempt.doubt === undefined) return attempt.result;
  const { expected, got, ...rest } = attempt.result;
  return { ...rest, verdict: 'error', reason: `${attempt.doubt}: ${got ?? rest.reason}` };
}

interface Attempt {
  readonly result: CheckResult;
  /** Why a verdict about time is discarded. */
  readonly doubt: string | undefined;
}

async function runOnce({ check, clock, openLab, signal, cpu }: RunCheckParts): Promise<Attempt> {
  const stop = new AbortController();
  // Each pause of a check listens while it lasts, and a check may have many at once: Node must not warn of a leak.
  setMaxListeners(0, stop.signal);
  const left = new AbortController();
  let leaving: Timer | undefined;
  const abort = (): void => {
    stop.abort();
    leaving = clock.after(LEFT_BEHIND_MILLIS, () => left.abort());
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const startMicros = clock.nowMicros();
  const owned = openLab(stop.signal);
  const { lab } = owned;
  const { basis = 'missing', ...finding } = await find(check, clock, owned, stop, left.signal);
  const durationMillis = lab.elapsedMillis();
  const wire = owned.wireEntries(SHOWN_WIRE_ENTRIES);
  await owned.close();
  signal.removeEventListener('abort', abort);
  leaving?.cancel();
  const result = judge(
    check,
    { ...finding, evidence: [...owned.evidence, ...finding.evidence] },
    { durationMillis, wire },
  );
  const connections = owned.connections();
  const breach = findFrameBreach(connections);
  if (breach !== undefined) return { result: blameFrames(result, breach, wire), doubt: undefined };
  const second = check.level === 'info' ? undefined : findSecondClose(connections);
  if (second !== undefined) return { result: warnOfSecondClose(result, second, wire), doubt: undefined };
  const isBlaming = result.verdict === 'fail' || result.verdict === 'warn';
  // A check that was skipped because the hub is slow names what was late, too.
  const isSkippedForLate = result.verdict === 'skip' && typeof basis === 'object';
  if (!isBlaming && !isSkippedForLate) return { result, doubt: undefined };
  const endMicros = startMicros + durationMillis * 1_000;
  return { result, doubt: findDoubt(cpu, basis, { startMicros, endMicros, inVain: owned.inVain }) };
}

async function find(
  check: Check,
  clock: Clock,
  owned: OwnedLab,
  stop: AbortController,
  left: AbortSignal,
): Promise<Finding> {
  const missing = findMissingNeed(check.needs, owned.lab.target);
  if (missing !== undefined) return skip(missing);
  try {
    // A check that missed its deadline may still throw later.
    const running = check.run(owned.lab);
    running.catch(() => {});
    const leaving = new Promise<Finding>((resolve) => {
      left.addEventListener('abort', () => resolve(skip('it did not end with the run')), { once: true });
    });
    return await withDeadline(clock, Promise.race([running, leaving]), check.deadlineMillis, 'finding');
  } catch (thrown) {
    if (thrown instanceof CheckEnded) return thrown.finding;
    if (thrown instanceof DeadlineError) {
      const awaited = owned.pending.length === 0 ? 'nothing' : owned.pending.join('; ');
      return error(`no finding within ${check.deadlineMillis} ms; the check was waiting for: ${awaited}`);
    }
    // A bug of the kit must neither end the run nor count as a bug of the hub.
    return error(
      `the check threw an error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}`,
    );
  } finally {
    stop.abort();
  }
}

/** Why the check cannot run on this target; undefined when it can. */
function findMissingNeed(needs: readonly Need[], { abilities, proxy }: Target): string | undefined {
  for (const need of needs) {
    if (need === 'smallWindow') {
      if (!hasSmallWindow())
        return 'this machine cannot open sockets with a small receive window (koffi, Linux)';
    } else if (need === 'direct') {
      if (proxy !== undefined)
        return `behind a proxy (${proxy}) the hub cannot be distinguished from it; judge the hub itself`;
    } else if (!abilities[need]) {
      return abilities.missing[need] ?? `the target has no ability '${need}'`;
    }
  }
  return undefined;
}
