// norn-loadtest agent: lends this machine to runs of a coordinator, one at a time, until a signal ends it.
import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { startAgent } from '../../../agents/agent/agent.ts';
import { DEFAULT_POOL } from '../../../agents/messages/messages.ts';
import { connectNats } from '../../../agents/nats/connect-nats.ts';
import { kitVersion } from '../../../kit/kit-version.ts';
import { forkWorker } from '../../../load/coordinator/workers/fork-worker.ts';
import { readClockId } from '../../../load/machine/clock-id.ts';
import { readOwnDescriptors } from '../../../load/machine/machine-limits.ts';
import { systemClock } from '../../../time/clock.ts';
import { portsOf, readPorts } from '../../../wire/address/local-ports.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import type { ParsedLine } from '../../options/command-line.ts';
import { UsageError } from '../../options/usage-error.ts';
import { AGENT_SPEC } from '../specs/agent-spec.ts';
import { mustReadAccess } from './must-read-access.ts';

export async function serveAgent({ values }: ParsedLine<typeof AGENT_SPEC.options>): Promise<ExitCode> {
  if (values.nats === undefined) throw new UsageError('--nats: needed: the URL of the NATS server');
  const access = mustReadAccess(values.nats, values);
  const name = values.name ?? `${hostname()}-${process.pid}`;
  const pool = values.pool ?? DEFAULT_POOL;
  const say = (line: string) => console.error(`${AGENT_SPEC.program}: ${line}`);
  const signal = firstSignal();
  const ports = await readPorts();
  const bus = await connectNats(access, `norn-loadtest agent ${name}`, systemClock);
  if (!bus.ok) {
    say(`--nats: ${bus.problem}`);
    return EXIT_CODE.target;
  }
  const agent = startAgent({
    ...{ bus: bus.value, clock: systemClock, startWorker: forkWorker, say },
    self: {
      ...{ id: randomUUID(), name, pool, host: hostname(), kit: kitVersion() },
      ...{ cores: availableParallelism(), clockId: readClockId() },
      descriptors: readOwnDescriptors(),
      ports: ports && portsOf(ports),
    },
  });
  say(`${name} waits in pool "${pool}" at ${access.server} (Ctrl-C ends it)`);
  const [code, because] = await Promise.race([
    signal.then((ended) => [EXIT_CODE.passed, ended] as const),
    bus.value.died.then((problem) => [EXIT_CODE.target, problem] as const),
    bus.value.refused.then((refusal) => [EXIT_CODE.target, `--nats: ${refusal}`] as const),
  ]);
  agent.close(because);
  await bus.value.close();
  if (code !== EXIT_CODE.passed) say(because);
  return code;
}

function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve(`ended by ${signal}`));
  });
}
