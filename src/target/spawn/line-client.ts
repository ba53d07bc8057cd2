// Requests as JSON lines on a hub's stdin, answers on its stdout, in any order, matched by id. A line that answers
// nothing belongs to the log.
import { systemClock } from '../../time/clock.ts';
import { DeadlineError, withDeadline } from '../../time/deadline.ts';
import type { HubProcess } from './hub-process.ts';

/** One answer line: `{"id":1,"ok":true,"accepted":2}` or `{"id":1,"error":"unsupported"}`. */
export interface LineAnswer {
  readonly id: number;
  readonly ok?: unknown;
  readonly accepted?: unknown;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

export type LineOutcome =
  | { readonly ok: true; readonly answer: LineAnswer }
  | { readonly ok: false; readonly kind: 'unreachable' | 'timeout'; readonly problem: string };

export interface LineClient {
  ask(operation: string, fields: string, deadlineMillis: number): Promise<LineOutcome>;
  close(): void;
}

export function createLineClient(hub: HubProcess): LineClient {
  const waiting = new Map<number, (answer: LineAnswer) => void>();
  let lastId = 0;
  hub.listen((line) => {
    const answer = parseAnswer(line);
    const take = answer && waiting.get(answer.id);
    if (answer) take?.(answer);
    // An answer after its deadline is still not a log line.
    return answer !== undefined;
  });

  return {
    async ask(operation, fields, deadlineMillis) {
      lastId += 1;
      const id = lastId;
      const answered = new Promise<LineOutcome>((resolve) => {
        waiting.set(id, (answer) => resolve({ ok: true, answer }));
      });
      const gone = hub.ended.then(
        ({ how }): LineOutcome => ({
          ok: false,
          kind: 'unreachable',
          problem: `the hub ${how}${hub.lastWords()}`,
        }),
      );
      hub.writeLine(`{"id":${id},"op":"${operation}"${fields}}`);
      try {
        const what = `answer to {"id":${id},"op":"${operation}"} on the hub's stdout`;
        return await withDeadline(systemClock, Promise.race([answered, gone]), deadlineMillis, what);
      } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        return { ok: false, kind: 'timeout', problem: `${error.message}${hub.lastWords()}` };
      } finally {
        waiting.delete(id);
      }
    },
    close() {
      hub.listen(() => false);
    },
  };
}

function parseAnswer(line: string): LineAnswer | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as { id?: unknown };
    return Number.isSafeInteger(value.id) ? (value as LineAnswer) : undefined;
  } catch {
    return undefined;
  }
}
