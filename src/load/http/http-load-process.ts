// The program of the process that loads the hub's HTTP side, apart from the coordinator so that neither delays the
// other. It ends when the coordinator does.
import { systemClock } from '../../time/clock.ts';
import { runHttpLoad } from './http-load.ts';
import type { FromHttpLoad, ToHttpLoad } from './http-load-messages.ts';

const stop = new AbortController();

async function load(options: Extract<ToHttpLoad, { kind: 'start' }>['options']): Promise<void> {
  const outcomes = await runHttpLoad({ ...options, clock: systemClock, signal: stop.signal });
  const message: FromHttpLoad = { kind: 'done', outcomes };
  process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message: ToHttpLoad) => {
  if (message.kind === 'stop') stop.abort();
  // A rejection is a bug; it ends this process, which the coordinator reports.
  else load(message.options).catch((error: unknown) => process.nextTick(() => Promise.reject(error)));
});
// Signals may reach the whole process group; the coordinator decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
