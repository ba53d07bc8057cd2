// The reference hub as a target: the program users run, started as a child process on a free port, so that the judge
// shares no code and no event loop with what it judges.
import { existsSync } from 'node:fs';
import { portOf } from '../../wire/hub-address.ts';
import { startHttpDriver } from '../http/http-driver.ts';
import type { TargetStart } from '../target.ts';
import { programFile } from './program-file.ts';
import { startSpawned } from './spawned.ts';

/** Each is a flag of `norn-hub`; what is missing stays at the hub's default. */
export interface ReferenceOptions {
  readonly clientBufferMessages?: number | undefined;
  readonly broadcastBufferEvents?: number | undefined;
  readonly evictionGraceMillis?: number | undefined;
  /** 0 turns pings off. */
  readonly pingIntervalMillis?: number | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly compression?: boolean | undefined;
}

const START_DEADLINE_MILLIS = 20_000;

export async function startReferenceTarget(options: ReferenceOptions = {}): Promise<TargetStart> {
  const file = programFile(new URL('../../cli/hub.ts', import.meta.url));
  if (!existsSync(file)) {
    return { ok: false, problem: `the reference hub is not built (${file} is missing): run npm run build` };
  }
  return startSpawned({
    adapter: 'reference',
    command: (previousUrl) => ({
      file: process.execPath,
      args: [file, '--port', previousUrl ? `${portOf(previousUrl)}` : '0', ...referenceFlags(options)],
      text: 'norn-hub',
    }),
    async chooseDriver(_hub, { broadcastUrl }) {
      if (broadcastUrl === undefined) return { ok: false, problem: 'its ready line has no broadcastUrl' };
      return startHttpDriver({ broadcastUrl, takesBatches: true });
    },
    startDeadlineMillis: START_DEADLINE_MILLIS,
  });
}

function referenceFlags(options: ReferenceOptions): string[] {
  const flags: string[] = [];
  const add = (name: string, value: string | number | undefined, unit = '') => {
    if (value !== undefined) flags.push(`--${name}`, `${value}${unit}`);
  };
  add('client-buffer', options.clientBufferMessages);
  add('broadcast-buffer', options.broadcastBufferEvents);
  add('eviction-grace', options.evictionGraceMillis, 'ms');
  add('ping-interval', options.pingIntervalMillis, 'ms');
  if (options.compression) flags.push('--compression');
  for (const origin of options.allowedOrigins ?? []) add('allowed-origin', origin);
  return flags;
}
