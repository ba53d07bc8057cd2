// norn-loadtest doctor: what this machine can carry, and what to do about what it cannot.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { readEphemeralPorts } from '../../load/plan/preflight.ts';
import { readDescriptorLimit } from '../../target/process-facts.ts';
import { systemClock } from '../../time/clock.ts';
import { hasSmallWindow } from '../../wire/small-window-socket.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { parseCommandLine } from '../options/command-line.ts';
import type { Command } from './options/command.ts';

interface Examination {
  readonly name: string;
  readonly found: string;
  /** What to do; empty when all is well. */
  readonly advice: string;
}

const WANTED_CLIENTS = 10_000;

const SUMMARY = 'what this machine can carry, and what to do about what it cannot';

export const doctorCommand: Command = { name: 'doctor', summary: SUMMARY, run: runDoctor };

async function runDoctor(argv: readonly string[]): Promise<ExitCode> {
  const spec = {
    program: 'norn-loadtest doctor',
    usage: '',
    describe: `Says ${SUMMARY}.`,
    maxPositionals: 0,
  };
  const line = await parseCommandLine({ ...spec, options: {}, examples: [] }, argv, {});
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const examinations = [
    await descriptors(),
    await ports(),
    await socketBuffers(),
    clock(),
    cores(),
    smallWindow(),
  ];
  for (const { name, found, advice } of examinations) {
    console.log(
      `${advice === '' ? 'ok  ' : 'warn'}  ${name.padEnd(18)} ${found}${advice === '' ? '' : `\n      ${''.padEnd(18)} -> ${advice}`}`,
    );
  }
  return EXIT_CODE.passed;
}

async function descriptors(): Promise<Examination> {
  const limit = await readDescriptorLimit('self');
  const advice =
    limit !== undefined && limit < WANTED_CLIENTS
      ? `ulimit -n ${WANTED_CLIENTS * 2} before you start, for ${WANTED_CLIENTS} clients in a process`
      : '';
  return {
    name: 'descriptors',
    found: limit === undefined ? 'not known here' : `${limit} for each process`,
    advice,
  };
}

async function ports(): Promise<Examination> {
  const count = await readEphemeralPorts();
  const advice =
    count !== undefined && count < WANTED_CLIENTS ? "sysctl net.ipv4.ip_local_port_range='10000 65000'" : '';
  return {
    name: 'local ports',
    found: count === undefined ? 'not known here' : `${count} to one address`,
    advice,
  };
}

async function socketBuffers(): Promise<Examination> {
  const read = (name: string) =>
    readFile(`/proc/sys/net/ipv4/${name}`, 'utf8').then(
      (text) => text.trim().split(/\s+/).at(-1),
      () => undefined,
    );
  const [receive, send] = [await read('tcp_rmem'), await read('tcp_wmem')];
  const found =
    receive === undefined ? 'not known here' : `receive up to ${receive} bytes, send up to ${send}`;
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
    found: `steps of ${coarsest.toFixed(1)} µs at worst`,
    advice:
      coarsest > 1_000
        ? 'something interrupts this process for more than 1 ms: expect noise in latencies'
        : '',
  };
}

function cores(): Examination {
  const count = availableParallelism();
  return {
    name: 'cores',
    found: String(count),
    advice: count < 2 ? 'hub and clients share one core: latencies are of both' : '',
  };
}

function smallWindow(): Examination {
  const advice = hasSmallWindow()
    ? ''
    : 'npm install koffi (Linux): without it a kernel hides 2 to 5 MB of each stalled client';
  return { name: 'small windows', found: hasSmallWindow() ? 'available' : 'not available', advice };
}
