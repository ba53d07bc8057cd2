// Checks on a second hub of the same kind, on which nothing happens but what the check does: they begin with the run and go on
// until everything else is done, as long silences cost no time meanwhile. Each has a hub of its own.
import type { Target, TargetStart } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { untilSettled } from '../../../time/deadline.ts';
import type { Check } from '../../check.ts';
import { type Finding, skip } from '../../finding.ts';
import { type CheckResult, judge } from '../../result.ts';
import type { Listening } from '../order/listening.ts';

export interface SecondHubParts {
  /** The hub under test: what is started is another one like it. */
  readonly target: Target;
  readonly clock: Clock;
  readonly run: (check: Check, second: Target, listening: Listening) => Promise<CheckResult>;
  readonly report: (result: CheckResult) => void;
  /** Aborted: nothing more is begun, and what is being started is ended. */
  readonly signal: AbortSignal;
}

export interface SecondHubs {
  /** Ids of the checks whose hubs have started, as soon as that is known of all: in a moment, or after 5 s. */
  started(): Promise<ReadonlySet<string>>;
  /** Says that they are waited for, and waits until all are done and their hubs gone. */
  end(): Promise<void>;
}

/** A hub that needs longer to start is not waited for. */
const START_MILLIS = 5_000;

/** Begins them. */
export function runOnSecondHubs(checks: readonly Check[], parts: SecondHubParts): SecondHubs {
  const awaited = new AbortController();
  const started = new Set<string>();
  const all = checks.map((check) => {
    const starting = startSecond(parts.target, parts.signal);
    const known = starting.then(({ ok }) => ok && started.add(check.id));
    const done = runOnSecondHub(check, starting, awaited.signal, parts).then(parts.report);
    // Who awaits the end learns of it.
    done.catch(() => {});
    return { known, done };
  });
  return {
    async started() {
      await untilSettled(parts.clock, Promise.all(all.map(({ known }) => known)), START_MILLIS);
      return new Set(started);
    },
    async end() {
      awaited.abort();
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

async function runOnSecondHub(
  check: Check,
  starting: Promise<SecondStart>,
  awaited: AbortSignal,
  { run }: SecondHubParts,
): Promise<CheckResult> {
  const start = await starting;
  if (!start.ok) return judge(check, start.finding, { durationMillis: 0, wire: [] });
  try {
    return await run(check, start.target, { leastMillis: 0, awaited });
  } finally {
    await start.target.close();
  }
}

type SecondStart =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly finding: Finding };

async function startSecond({ startSecond: start }: Target, signal: AbortSignal): Promise<SecondStart> {
  if (start === undefined)
    return { ok: false, finding: skip('a second hub cannot be started beside this one') };
  const starting = start();
  const started = await Promise.race([starting, untilAborted(signal)]);
  if (started !== undefined) return started.ok ? started : { ok: false, finding: skip(started.problem) };
  void starting.then(closeStarted);
  return { ok: false, finding: skip('the run ended before a second hub had started') };
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** It started after the end of the run. */
async function closeStarted(start: TargetStart): Promise<void> {
  if (start.ok) await start.target.close();
}
