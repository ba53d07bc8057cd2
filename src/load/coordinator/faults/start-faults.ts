// The faults of a run: what each does to the hubs of this run, and what it means where one does not come back or a fault
// could not be injected.

import { RESTARTS } from '../../../faults/find-misfit.ts';
import { freezeHub } from '../../../faults/hub/freeze-hub.ts';
import { restartHub, startAgain } from '../../../faults/hub/restart-hub.ts';
import { hubsOf } from '../../../target/replicas/joined-targets.ts';
import { canConnect, portOpens } from '../../../target/spawn/await-ready.ts';
import type { Target } from '../../../target/target.ts';
import { pause } from '../../../time/deadline.ts';
import { type FaultActions, type Injection, injectFaults } from '../../faults/inject/inject-faults.ts';
import { runCommand } from '../../faults/inject/run-command.ts';
import type { Finding } from '../../result/result.ts';
import type { RunContext } from '../run-context.ts';

/** A command has at least this long. */
const COMMAND_DEADLINE_MILLIS = 60_000;
/** And the hub has so long to take connections again. */
const COMEBACK_DEADLINE_MILLIS = 60_000;

/** Times of the faults count from `fromMicros`. */
export function startFaults(context: RunContext, fromMicros: number): Injection {
  const { plan, target, clock, control, faults, networks, pool, report } = context;
  networks.measure();
  return injectFaults({
    faults: plan.faults,
    hubs: hubsOf(target),
    fromMicros,
    durationMillis: plan.durationMillis,
    clock,
    log: faults,
    actions: createActions(context),
    async follow(on, url) {
      for (const hub of on) await networks.of(hub)?.forwardTo(url);
    },
    announce: pool.announceFault,
    onMissed: ({ written }) =>
      report(notInjected(`${written}: its turn came after the measured time; use a longer one`)),
    signal: control.signal,
  });
}

const notInjected = (problem: string): Finding => ({
  name: 'not-injected',
  severity: 'warning',
  message: `a fault was not injected: ${problem}`,
});

/** What a hub does after a restart must be seen for so long at least. */
const LEAST_SEEN_MILLIS = 500;

/** Called when all faults are over: of a hub that came back at the very end, nothing is known since. */
export function reportUnseen({ faults, report }: RunContext, untilMicros: number): void {
  for (const { kind, text, untilMicros: backMicros } of faults.windows()) {
    if (!RESTARTS.includes(kind) || backMicros === undefined) continue;
    if (untilMicros - backMicros >= LEAST_SEEN_MILLIS * 1e3) continue;
    const message = `the hub was back from "${text}" when the measured time was over, or shortly before: what its clients got afterwards was not seen; use a longer time`;
    report({ name: 'not-seen', severity: 'warning', message });
    return;
  }
}

function createActions({ plan, target, clock, control, networks, pool, report }: RunContext): FaultActions {
  const hubs = hubsOf(target);
  const nameOf = (hub: number) => (hubs.length === 1 ? 'the hub' : `target ${hub + 1}`);
  const noteProblem = (problem: string) => {
    report(notInjected(problem));
    return { problem };
  };
  return {
    async restart(hub, how, signal) {
      const restarting = hubs[hub] as Target;
      const { url } = restarting;
      const restarted = await restartHub(restarting, how, signal);
      if (restarted.ok) {
        const { notice } = restarted;
        return {
          ...(notice !== undefined && { problem: notice }),
          ...(restarting.url !== url && { movedTo: restarting.url }),
        };
      }
      const problem = `${nameOf(hub)} did not come back after a ${how}: ${restarted.problem}`;
      control.stopEarly('target', problem);
      return { problem, isLost: true };
    },
    async start(hub) {
      const starting = hubs[hub] as Target;
      const started = await startAgain(starting);
      if (started.ok) return { movedTo: starting.url };
      const problem = `${nameOf(hub)} did not start: ${started.problem}`;
      control.stopEarly('target', problem);
      return { problem, isLost: true };
    },
    async freeze(hub, forMillis, signal) {
      const frozen = freezeHub(() => hubs[hub]?.pids?.() ?? []);
      try {
        if (frozen.problem === undefined) await pause(clock, forMillis, signal);
      } finally {
        frozen.goOn();
      }
      return frozen.problem === undefined ? undefined : noteProblem(frozen.problem);
    },
    async drop(on, share) {
      await pool.drop({ hubs: on, share, seed: plan.seed });
      return undefined;
    },
    async disturb(on, fault, signal) {
      const ends = await Promise.all(on.map((hub) => networks.of(hub)?.begin(fault)));
      await pause(clock, fault.forMillis, signal);
      await Promise.all(ends.map((end) => end?.()));
      return undefined;
    },
    async exec(command, forMillis, signal) {
      const deadlineMillis = Math.max(COMMAND_DEADLINE_MILLIS, forMillis);
      const wasThere = await Promise.all(hubs.map(({ url }) => canConnect(url)));
      const problem = await runCommand(command, deadlineMillis, clock, signal);
      if (signal.aborted) return undefined;
      if (problem !== undefined) return noteProblem(problem);
      const gone = await findGone(
        hubs.filter((_, hub) => wasThere[hub]),
        signal,
      );
      if (gone === undefined) return undefined;
      control.stopEarly('target', gone);
      return { problem: gone, isLost: true };
    },
  };
}

/** A command may return before the hub that it restarts takes connections. */
async function findGone(hubs: readonly Target[], signal: AbortSignal): Promise<string | undefined> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(COMEBACK_DEADLINE_MILLIS)]);
  const isThere = await Promise.all(hubs.map(({ url }) => portOpens(url, until)));
  const gone = hubs.find((_, hub) => !isThere[hub]);
  if (gone === undefined || signal.aborted) return undefined;
  return `nothing listens at ${gone.url} ${COMEBACK_DEADLINE_MILLIS / 1e3} s after the command of a fault ended`;
}
