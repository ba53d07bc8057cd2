// norn-loadtest doctor: how many clients this machine can carry, what limits it, and what to do about it.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { MachineLimits } from '../../../load/machine/capacity.ts';
import {
  readAvailableBytes,
  readOwnDescriptors,
  readTimeWait,
} from '../../../load/machine/machine-limits.ts';
import { systemClock } from '../../../time/clock.ts';
import { readPorts } from '../../../wire/address/local-ports.ts';
import { hasSmallWindow } from '../../../wire/kernel/small-window-socket.ts';
import { findRingProblem } from '../../../wire/ring/read-backend.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import {
  type Examination,
  examineClients,
  examineDescriptors,
  examineMemory,
  examinePorts,
  examineTimeWait,
  UNKNOWN,
} from './examine-limits.ts';

export async function examine(): Promise<ExitCode> {
  const limits: MachineLimits = {
    descriptors: readOwnDescriptors(),
    availableBytes: await readAvailableBytes(),
  };
  const ports = await readPorts();
  const examinations = [
    examineClients(limits),
    examineDescriptors(limits.descriptors),
    examinePorts(ports),
    examineTimeWait(ports, await readTimeWait()),
    examineMemory(limits.availableBytes),
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
