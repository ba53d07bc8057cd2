// Drives a spawned hub without an HTTP API: broadcast, stats and shutdown as JSON lines (line-client.ts).
import { isJson } from '../../files/json-text.ts';
import { systemClock } from '../../time/clock.ts';
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
import { createLineClient, type LineAnswer, type LineClient, type LineOutcome } from './line-client.ts';

const PROBE_DEADLINE_MILLIS = 5_000;
// Lines are no longer than this unless one event is, so that hubs know how much to buffer.
const MAX_LINE_CHARS = 4_194_304;

/** Finds out which operations the hub has, without broadcasting anything. */
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
      // It would break the whole line, and the hub could not say which request failed.
      const broken = texts.find((text) => !isJson(text));
      if (broken !== undefined)
        return refused(`a line of JSON cannot contain invalid JSON: ${broken.slice(0, 60)}`);
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
      // A hub may end before its answer is read: it did stop.
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

function quote(answer: LineAnswer): string {
  return JSON.stringify(answer).slice(0, 200);
}
