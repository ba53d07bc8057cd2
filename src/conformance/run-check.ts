// One check on one target, from opening its lab to its result. Whatever the check does, its connections are closed and
// a result comes out within its deadline.
import { setMaxListeners } from 'node:events';
import type { TargetAbilities } from '../target/target.ts';
import { systemClock } from '../time/clock.ts';
import { DeadlineError, withDeadline } from '../time/deadline.ts';
import { hasSmallWindow } from '../wire/small-window-socket.ts';
import type { Check, Need } from './check.ts';
import { CheckEnded, error, type Finding, skip } from './finding.ts';
import type { OwnedLab } from './lab/open-lab.ts';
import { type CheckResult, judge } from './result.ts';
import { STARVED_MILLIS, type StarvationWatch } from './starvation.ts';

export interface RunCheckParts {
  readonly check: Check;
  /** A new lab; asked for again when the check is repeated. */
  readonly openLab: (signal: AbortSignal) => OwnedLab;
  readonly signal: AbortSignal;
  readonly starvation: StarvationWatch;
}

/** Entries of the wire log that a report shows. */
const SHOWN_WIRE_ENTRIES = 60;

export async function runCheck(parts: RunCheckParts): Promise<CheckResult> {
  const first = await runOnce(parts);
  if (!first.isDoubtful) return first.result;
  const second = await runOnce(parts);
  if (!second.isDoubtful) return second.result;
  const { expected, got, ...rest } = second.result;
  const reason = `the kit itself was starved for ${second.starvedMillis} ms, so times cannot be judged: ${got ?? rest.reason}`;
  return { ...rest, verdict: 'error', reason };
}

interface Attempt {
  readonly result: CheckResult;
  /** A judgement about time made while this process was starved. */
  readonly isDoubtful: boolean;
  readonly starvedMillis: number;
}

async function runOnce({ check, openLab, signal, starvation }: RunCheckParts): Promise<Attempt> {
  const stop = new AbortController();
  // Each pause of a check listens while it lasts, and a check may have many at once: no leak to warn about.
  setMaxListeners(0, stop.signal);
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const startMicros = systemClock.nowMicros();
  const owned = openLab(stop.signal);
  const { lab } = owned;
  const finding = await find(check, owned, stop);
  const durationMillis = lab.elapsedMillis();
  const wire = owned.wireEntries(SHOWN_WIRE_ENTRIES);
  await owned.close();
  signal.removeEventListener('abort', abort);
  const starvedMillis = Math.round(starvation.worstMillisSince(startMicros));
  const result = judge(
    check,
    { ...finding, evidence: [...owned.evidence, ...finding.evidence] },
    { durationMillis, wire },
  );
  const isBlaming = result.verdict === 'fail' || result.verdict === 'warn';
  const isDoubtful = check.isTimed === true && isBlaming && starvedMillis > STARVED_MILLIS;
  return { result, isDoubtful, starvedMillis };
}

async function find(check: Check, owned: OwnedLab, stop: AbortController): Promise<Finding> {
  const missing = findMissingNeed(check.needs, owned.lab.abilities);
  if (missing !== undefined) return skip(missing);
  try {
    // A check that lost the race may end later, in an error of its own making.
    const running = check.run(owned.lab);
    running.catch(() => {});
    return await withDeadline(systemClock, running, check.deadlineMillis, 'finding');
  } catch (thrown) {
    if (thrown instanceof CheckEnded) return thrown.finding;
    if (thrown instanceof DeadlineError) {
      const awaited = owned.pending.length === 0 ? 'nothing that has a name' : owned.pending.join('; ');
      return error(`no finding within ${check.deadlineMillis} ms; the check was waiting for: ${awaited}`);
    }
    // A bug of the kit must not end the run, nor pass for a bug of the hub.
    return error(
      `the check itself broke: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}`,
    );
  } finally {
    stop.abort();
  }
}

/** Why the check cannot be asked of this target; undefined when it can. */
function findMissingNeed(needs: readonly Need[], abilities: TargetAbilities): string | undefined {
  for (const need of needs) {
    if (need === 'smallWindow') {
      if (!hasSmallWindow())
        return 'this machine cannot open sockets with a small receive window (koffi, Linux)';
    } else if (!abilities[need]) {
      return abilities.missing[need] ?? `the target has no ability '${need}'`;
    }
  }
  return undefined;
}
