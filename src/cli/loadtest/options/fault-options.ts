// The flags of what is done to the hub while a run goes on.
import type { OptionValues } from '../../options/command-line.ts';
import { flag, texts } from '../../options/option.ts';

const group = 'Faults:';

/** A plan file has the same names. */
export const FAULT_OPTION = {
  fault: {
    ...texts(
      "Done to the hub in the measured time, such as 'restart at=15s'; repeatable: kill, freeze for=3s, drop share=30%, partition for=5s, latency for=30s add=50ms, bandwidth for=30s rate=64KiB/s, rolling-restart, start target=N, exec='CMD'; each with at=TIME, and every=TIME or target=N",
      'FAULT',
    ),
    group,
  },
  reconnect: {
    ...texts(
      "Clients whose connection ended come back: 'backoff(min=250ms,max=8s,factor=2,jitter=full)' or immediately; NAME=… for one cohort; repeatable",
      'POLICY',
    ),
    group,
  },
} as const;

/** Stays on the command line: a file of somebody else's must not run commands. */
export const ALLOW_EXEC_OPTION = {
  'allow-exec': { ...flag('Let the faults exec=CMD run their commands'), group },
} as const;

const IN_A_SINGLE_RUN = 'are for a single run: norn-loadtest [URL]';

/** For programs that compare loads or hubs: what a fault costs would be taken for what the load does. */
export const WITHOUT_FAULTS: Readonly<Record<string, string>> = {
  fault: `faults ${IN_A_SINGLE_RUN} --fault FAULT`,
  reconnect: `clients that come back ${IN_A_SINGLE_RUN} --reconnect POLICY`,
  'allow-exec': `faults ${IN_A_SINGLE_RUN} --allow-exec`,
};

export type FaultValues = Partial<OptionValues<typeof FAULT_OPTION & typeof ALLOW_EXEC_OPTION>>;
