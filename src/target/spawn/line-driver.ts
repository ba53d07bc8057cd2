// Makes a spawned hub broadcast by JSON lines on its stdin, for hubs without an HTTP API. Answers come on stdout in
// any order, matched by id; a line that answers nothing is log.
import { systemClock } from '../../time/clock.ts';
import { DeadlineError, withDeadline } from '../../time/deadline.ts';
import {
  BROADCAST_DEADLINE_MILLIS,
  type Driver,
  readStats,
  refused,
  STATS_DEADLINE_MILLIS,
} from '../driver.ts';
import { cutBatches, encodeLine } from '../http/http-body.ts';
import type { BroadcastOutcome } from '../target.ts';
import type { HubProcess } from './hub-process.ts';

/** One answer line: `{"id":1,"ok":true,"accepted":2}` or `{"id":1,"error":"unsupported"}`. */
interface LineAnswer {
  readonly id: number;
  readonly ok?: unknown;
  readonly accepted?: unknown;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

type LineOutcome =
  | { readonly ok: true; readonly answer: LineAnswer }
  | { readonly ok: false; readonly kind: 'unreachable' | 'timeout'; readonly problem: string };

const PROBE_DEADLINE_MILLIS = 5_000;
// Lines are no longer than this unless one event is, so that hubs know how much to buffer.
const MAX_LINE_CHARS = 4_194_304;

/** Asks the hub, without broadcasting anything, which operations it has. */
export async function startLineDriver(hub: HubProcess): Promise<Driver> {
  const lines = createLineClient(hub);
  const [empty, stats] = await Promise.all([
    lines.ask('broadcast', ',"events":[]', PROBE_DEADLINE_MILLIS),
    lines.ask('stats', '', PROBE_DEADLINE_MILLIS),
  ]);
  const missing = {
    ...(whyMissing('broadcast', empty) && { broadcast: whyMissing('broadcast', empty) }),
    ...(whyMissing('broadcast', empty) && { batch: whyMissing('broadcast', empty) }),
    ...(whyNoStats(stats) && { stats: whyNoStats(stats) }),
  };
  return createLineDriver(lines, missing);
}

interface LineClient {
  ask(operation: string, fields: string, deadlineMillis: number): Promise<LineOutcome>;
  close(): void;
}

function createLineClient(hub: HubProcess): LineClient {
  const waiting = new Map<number, (answer: LineAnswer) => void>();
  let lastId = 0;
  hub.listen((line) => {
    const answer = parseAnswer(line);
    const take = answer && waiting.get(answer.id);
    if (answer) take?.(answer);
    // An answer that nobody waits for any more came after its deadline; it is no log line.
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

function createLineDriver(lines: LineClient, missing: Readonly<Record<string, string | undefined>>): Driver {
  const reasons = Object.fromEntries(Object.entries(missing).filter(([, why]) => why !== undefined));
  const canBroadcast = missing.broadcast === undefined;
  return {
    abilities: {
      broadcast: canBroadcast,
      batch: canBroadcast,
      stats: missing.stats === undefined,
      missing: reasons,
    },
    async broadcast(texts, { deadlineMillis = BROADCAST_DEADLINE_MILLIS } = {}) {
      if (!canBroadcast) return { ok: false, kind: 'unsupported', problem: missing.broadcast ?? '' };
      // It would break the line around it, and the hub could not even tell which request failed.
      const broken = texts.find((text) => !isJson(text));
      if (broken !== undefined)
        return refused(`a line of JSON cannot carry what is no JSON: ${broken.slice(0, 60)}`);
      const untilMicros = systemClock.nowMicros() + deadlineMillis * 1_000;
      for (const batch of cutBatches(texts, MAX_LINE_CHARS, texts.length)) {
        const remainingMillis = Math.max(1, (untilMicros - systemClock.nowMicros()) / 1_000);
        const events = batch.map(encodeLine).join(',');
        const outcome = await lines.ask('broadcast', `,"events":[${events}]`, Math.ceil(remainingMillis));
        if (!outcome.ok) return outcome;
        const broadcast = fromAnswer(outcome.answer, batch.length);
        if (!broadcast.ok) return broadcast;
      }
      return { ok: true, accepted: texts.length };
    },
    async stats() {
      if (missing.stats !== undefined) return undefined;
      const outcome = await lines.ask('stats', '', STATS_DEADLINE_MILLIS);
      return outcome.ok ? statsOf(outcome.answer) : undefined;
    },
    async askToStop(deadlineMillis) {
      const outcome = await lines.ask('shutdown', '', deadlineMillis);
      // A hub may end before its answer is read: that is a yes.
      return outcome.ok ? outcome.answer.error === undefined : outcome.kind === 'unreachable';
    },
    async close() {
      lines.close();
    },
  };
}

function fromAnswer(answer: LineAnswer, sent: number): BroadcastOutcome {
  if (answer.error === 'unsupported') {
    return { ok: false, kind: 'unsupported', problem: `the hub answered broadcast with 'unsupported'` };
  }
  if (answer.error !== undefined) return refused(`the hub answered: ${String(answer.error).slice(0, 200)}`);
  if (answer.ok !== true) return refused(`the hub answered neither ok nor an error: ${quote(answer)}`);
  const accepted = answer.accepted ?? sent;
  if (accepted !== sent) return refused(`the hub took ${String(accepted)} of ${sent} events`);
  return { ok: true, accepted: sent };
}

function whyMissing(operation: string, outcome: LineOutcome): string | undefined {
  if (!outcome.ok) return outcome.problem;
  return outcome.answer.error === 'unsupported'
    ? `the hub answered ${operation} with 'unsupported'`
    : undefined;
}

function whyNoStats(outcome: LineOutcome): string | undefined {
  const why = whyMissing('stats', outcome);
  if (why !== undefined || !outcome.ok) return why;
  return statsOf(outcome.answer) ? undefined : `its answer to stats has no number 'clients'`;
}

function statsOf(answer: LineAnswer) {
  const { id: _id, ok: _ok, ...counters } = answer;
  return readStats(counters) ?? readStats(answer.stats);
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

function quote(answer: LineAnswer): string {
  return JSON.stringify(answer).slice(0, 200);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
