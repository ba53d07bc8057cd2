// A hub under search whose failures are functions of what has run on it: for the logic that reproduces and reduces them.
import type { Violation } from '../../conformance/explore/oracle/violation.ts';
import type { Program } from '../../conformance/explore/program/program.ts';
import type { HubKeeper } from '../../conformance/explore/search/hub-keeper.ts';

/** `judge` sees what has run on the hub since it was started, and how many hubs were started. */
export function simulateKeeper(
  judge: (ran: readonly Program[], hubs: number) => readonly Violation[],
): HubKeeper {
  let ran: Program[] = [];
  let hubs = 0;
  return {
    bounds: { mostClients: 1_000, silenceMillis: 1_000 } as HubKeeper['bounds'],
    canRestart: true,
    lossReason: undefined,
    waitMillis: 1,
    async run(program) {
      ran.push(program);
      return { violations: judge(ran, hubs), isInterrupted: false };
    },
    async renew() {
      ran = [];
      hubs++;
    },
    close: async () => undefined,
  };
}
