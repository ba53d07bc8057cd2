// The machine and the runtime that a run was measured on, read once at its edge.
import { cpus, totalmem } from 'node:os';
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import type { Environment } from '../result/result.ts';

export function readEnvironment(): Environment {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    hasSmallWindow: hasSmallWindow(),
  };
}
