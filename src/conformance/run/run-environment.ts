// The machine and the runtime that a result was found on.
import { availableParallelism } from 'node:os';
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';

export interface RunEnvironment {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** Clients can have a receive window of a few KiB. */
  readonly hasSmallWindow: boolean;
}

export function readRunEnvironment(): RunEnvironment {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    hasSmallWindow: hasSmallWindow(),
  };
}
