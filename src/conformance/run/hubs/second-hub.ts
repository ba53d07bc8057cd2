// Checks on a second hub of the same kind, on which nothing happens but what the check does: they begin with the run and go on
// until everything else is done, as long silences cost no time meanwhile. Each has a hub of its own.
import type { Target, TargetStart } from '../../../target/target.ts';
import type { Check } from '../../check.ts';
import { type Finding, skip } from '../../finding.ts';
import { type CheckResult, judge } from '../../result.ts';
import type { Listening } from '../order/listening.ts';

export interface SecondHubParts {
  /** The hub under test: what is started is another one like it. */
  readonly target: Target;
  readonly run: (check: Check, second: Target, listening: Listening) => Promise<CheckResult>;
  readonly report: (result: CheckResult) => void;
  /** Aborted: nothing more is begun, and what is being started is ended. */
  readonly signal: AbortSignal;
}

export interface SecondHubs {
  /** Ids of the checks whose hubs have started, or are about to: a refusal comes at once. */
  begun(): ReadonlySet<string>;
  /** Says that they are waited for, and waits until all are done and their hubs gone. */
  end(): Promise<void>;
}

/** Begins them. */
export function runOnSecondHubs(checks: readonly Check[], parts: SecondHubParts): SecondHubs {
  const awaited = new AbortController();
  const begun = new Set(checks.map(({ id }) => id));
  const running = Promise.all(
    checks.map(async (check) => {
      const start = await startSecond(parts.target, parts.signal);
      if (!start.ok) begun.delete(check.id);
      parts.report(await runOnSecondHub(check, start, awaited.signal, parts));
    }),
  );
  // Who awaits the end learns of it.
  running.catch(() => {});
  return {
    begun: () => begun,
    async end() {
      awaited.abort();
      await running;
    },
  };
}

async function runOnSecondHub(
  check: Check,
  start: SecondStart,
  awaited: AbortSignal,
  { run }: SecondHubParts,
): Promise<CheckResult> {
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
