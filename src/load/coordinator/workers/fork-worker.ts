// A worker as a child process of this one.
import { fork } from 'node:child_process';
import { programFile } from '../../../target/spawn/program-file.ts';
import type { FromWorker } from '../../worker/worker-messages.ts';
import type { WorkerEvents, WorkerLink } from './worker-link.ts';

export function forkWorker(index: number, { onMessage, onEnd, onError }: WorkerEvents): WorkerLink {
  const child = fork(programFile(new URL('../../worker/worker-process.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  child.on('message', (message: FromWorker) => onMessage(message));
  child.on('error', onError);
  child.on('exit', (code, signal) =>
    onEnd(`worker process ${index + 1} ended by itself (${signal ?? `exit ${code}`})`),
  );
  return {
    post(message) {
      if (child.connected) child.send(message, () => {});
    },
    kill: () => child.kill('SIGKILL'),
  };
}
