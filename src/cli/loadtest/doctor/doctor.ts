// norn-loadtest doctor: how many clients this machine can carry, what limits it, and what to do about it.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { readEphemeralPorts } from '../../../load/plan/preflight.ts';
import { readDescriptorLimit } from '../../../target/process-facts.ts';
import { systemClock } from '../../../time/clock.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { hasSmallWindow } from '../../../wire/kernel/small-window-socket.ts';
import { findRingProblem } from '../../../wire/ring/read-backend.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import { CLIENT_BYTES, estimateCapacity, type MachineLimits } from './capacity.ts';

interface Examination {
  readonly name: string;
  readonly found: string;
  /** What to do; empty when there is nothing to do. */
  readonly advice: string;
}

const WANTED_CLIENTS = 10_000;
const UNKNOWN = 'not known on this system';

export async function examine(): Promise<ExitCode> {
  const limits: MachineLimits = {
    descriptors: await readDescriptorLimit('self'),
    ports: await readEphemeralPorts(),
    availableBytes: await readAvailableBytes(),
  };
  const examinations = [
    clients(limits),
    descriptors(limits),
    ports(limits),
    memory(limits),
    await socketBuffers(),
    clock(),
    cores(),
    smallWindow(),
    ring(),
  ];
  for (const examination of examinations) console.log(renderExamination(examination));
  return EXIT_CODE.passed;
}

function renderExamination({ name, found, advice }: Examination): string {
  const line = `${advice === '' ? 'ok  ' : 'warn'}  ${name.padEnd(18)} ${found}`;
  return advice === '' ? line : `${line}\n      ${''.padEnd(18)} -> ${advice}`;
}

function clients(limits: MachineLimits): Examination {
  const capacity = estimateCapacity(limits);
  if (capacity === undefined) return { name: 'clients', found: UNKNOWN, advice: '' };
  return {
    name: 'clients',
    found: `about ${renderCount(capacity.clients)}, with the hub on this machine; limited by ${capacity.limitedBy}`,
    advice: '',
  };
}

function descriptors({ descriptors: limit }: MachineLimits): Examination {
  const advice =
    limit !== undefined && limit < WANTED_CLIENTS
      ? `run ulimit -n ${WANTED_CLIENTS * 2} before you start, for ${renderCount(WANTED_CLIENTS)} clients`
      : '';
  return {
    name: 'descriptors',
    found: limit === undefined ? UNKNOWN : `${renderCount(limit)} per process`,
    advice,
  };
}

function ports({ ports: count }: MachineLimits): Examination {
  const advice =
    count !== undefined && count < WANTED_CLIENTS
      ? "run sysctl net.ipv4.ip_local_port_range='10000 65000'"
      : '';
  return {
    name: 'local ports',
    found: count === undefined ? UNKNOWN : `${renderCount(count)} to one address`,
    advice,
  };
}

function memory({ availableBytes }: MachineLimits): Examination {
  if (availableBytes === undefined) return { name: 'memory', found: UNKNOWN, advice: '' };
  const fits = availableBytes >= WANTED_CLIENTS * CLIENT_BYTES;
  return {
    name: 'memory',
    found: `${renderBytes(availableBytes)} available; a fast client takes about ${renderBytes(CLIENT_BYTES)}, a stalled one up to 5 MB`,
    advice: fits ? '' : `close other programs, for ${renderCount(WANTED_CLIENTS)} clients`,
  };
}

async function readAvailableBytes(): Promise<number | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

async function socketBuffers(): Promise<Examination> {
  const read = (name: string) =>
    readFile(`/proc/sys/net/ipv4/${name}`, 'utf8').then(
      (text) => text.trim().split(/\s+/).at(-1),
      () => undefined,
    );
  const [receive, send] = [await read('tcp_rmem'), await read('tcp_wmem')];
  const found = receive === undefined ? UNKNOWN : `receive up to ${receive} bytes, send up to ${send}`;
  return { name: 'socket buffers', found, advice: '' };
}

function clock(): Examination {
  let coarsest = 0;
  for (let i = 0; i < 1_000; i++) {
    const before = systemClock.nowMicros();
    let after = before;
    while (after === before) after = systemClock.nowMicros();
    coarsest = Math.max(coarsest, Math.min(after - before, 1e6));
  }
  return {
    name: 'clock',
    found: `steps of at most ${coarsest.toFixed(1)} µs`,
    advice:
      coarsest > 1_000
        ? 'stop other programs: something interrupts this process for more than 1 ms, which adds noise to latencies'
        : '',
  };
}

function cores(): Examination {
  const count = availableParallelism();
  return {
    name: 'cores',
    found: String(count),
    advice:
      count < 2 ? 'use a machine with two cores: hub and clients share one, so latencies include both' : '',
  };
}

function smallWindow(): Examination {
  const advice = hasSmallWindow()
    ? ''
    : 'run npm install koffi (Linux): without it the kernel hides 2 to 5 MB of each stalled client';
  return { name: 'small windows', found: hasSmallWindow() ? 'available' : 'not available', advice };
}

function ring(): Examination {
  const problem = findRingProblem();
  const advice =
    problem === undefined
      ? ''
      : `clients are read by Node's sockets, at about two thirds of the rate: ${problem}`;
  return { name: 'io_uring', found: problem === undefined ? 'available' : 'not available', advice };
}
