// A process of a bench: each contender has one of its own, so that its CPU time and its memory are nobody else's. One
// order at a time, one answer to each.
import { type ChildProcess, fork } from 'node:child_process';
import { programFile } from '../target/spawn/program-file.ts';
import { systemClock } from '../time/clock.ts';
import { withDeadline } from '../time/deadline.ts';

const ANSWER_DEADLINE_MILLIS = 120_000;

export interface BenchChild {
  readonly pid: number;
  /** Sends an order and resolves with its answer; rejects when the process ends or answers too late. */
  ask<T>(order: object): Promise<T>;
  /** What the process says without being asked, such as that it is ready. */
  answer<T>(): Promise<T>;
  /** Ends the process, which its exit follows. */
  close(): void;
}

/** Starts `subjects/NAME.ts`, with the options of Node that this process has (`--cpu-prof`). `exposesGc` gives it `global.gc`. */
export function startSubject(name: string, argv: readonly string[] = [], exposesGc = false): BenchChild {
  const file = programFile(new URL(`./subjects/${name}.ts`, import.meta.url));
  const execArgv = [...process.execArgv, ...(exposesGc ? ['--expose-gc'] : [])];
  const child = fork(file, [...argv], { execArgv });
  return {
    pid: child.pid ?? 0,
    ask<T>(order: object): Promise<T> {
      const answered = nextAnswer<T>(child, name);
      child.send(order);
      return answered;
    },
    answer: () => nextAnswer(child, name),
    close() {
      if (child.connected) child.disconnect();
    },
  };
}

function nextAnswer<T>(child: ChildProcess, name: string): Promise<T> {
  let onMessage: (message: unknown) => void = () => {};
  let onExit: (code: number | null, signal: string | null) => void = () => {};
  const answered = new Promise<T>((resolve, reject) => {
    onMessage = (message) => resolve(message as T);
    onExit = (code, signal) =>
      reject(new Error(`the bench process ${name} ended (${signal ?? `exit ${code}`})`));
    child.once('message', onMessage).once('exit', onExit);
  });
  return withDeadline(
    systemClock,
    answered,
    ANSWER_DEADLINE_MILLIS,
    `answer of the bench process ${name}`,
  ).finally(() => child.off('message', onMessage).off('exit', onExit));
}
