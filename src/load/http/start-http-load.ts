// The coordinator's side of the HTTP load process: starts it, stops it, and hands over what it measured.
import { fork } from 'node:child_process';
import { programFile } from '../../target/spawn/program-file.ts';
import type { Clock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { HttpOutcome } from '../result/parts/http.ts';
import type { FromHttpLoad, ToHttpLoad } from './http-load-messages.ts';

const START_AND_RESULT_DEADLINE_MILLIS = 30_000;

export interface MeasuredHttp {
  readonly outcomes: readonly HttpOutcome[];
  /** Why there are none, although some were asked for; one sentence. */
  readonly problem?: string;
}

/** Resolves when the load's duration is over or `signal` aborts. */
export async function startHttpLoad(
  options: Extract<ToHttpLoad, { kind: 'start' }>['options'],
  clock: Clock,
  signal: AbortSignal,
): Promise<MeasuredHttp> {
  try {
    return { outcomes: await runInProcess(options, clock, signal) };
  } catch (error) {
    return { outcomes: [], problem: `the HTTP load failed: ${(error as Error).message}` };
  }
}

async function runInProcess(
  options: Extract<ToHttpLoad, { kind: 'start' }>['options'],
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly HttpOutcome[]> {
  const child = fork(programFile(new URL('./http-load-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const post = (message: ToHttpLoad) => {
    if (child.connected) child.send(message, () => {});
  };
  const done = new Promise<readonly HttpOutcome[]>((resolve, reject) => {
    child.on('message', ({ outcomes }: FromHttpLoad) => resolve(outcomes));
    child.on('error', reject);
    child.on('exit', (code, killSignal) =>
      reject(new Error(`its process ended without a result (${killSignal ?? `exit ${code}`})`)),
    );
  });
  const stop = () => post({ kind: 'stop' });
  post({ kind: 'start', options });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const deadlineMillis = options.durationMillis + START_AND_RESULT_DEADLINE_MILLIS;
    return await withDeadline(clock, done, deadlineMillis, 'result from the HTTP load');
  } finally {
    signal.removeEventListener('abort', stop);
    child.kill('SIGKILL');
  }
}
