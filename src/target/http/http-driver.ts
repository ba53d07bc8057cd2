// Makes a hub broadcast by HTTP: POST of one envelope as JSON, or of many as NDJSON where the hub takes it. Any 2xx is
// accepted. Its counters come from GET /stats, where there is one.
import { systemClock } from '../../time/clock.ts';
import {
  BROADCAST_DEADLINE_MILLIS,
  type Driver,
  type DriverStart,
  readStats,
  refused,
  STATS_DEADLINE_MILLIS,
} from '../driver.ts';
import type { BroadcastOutcome } from '../target.ts';
import { type BatchSupport, createBatchSupport } from './batch-support.ts';
import type { Header } from './broadcast-header.ts';
import { type BodyTemplate, cutBatches, encodeBatch, encodeSingle, type RequestBody } from './http-body.ts';
import { createHttpCaller, type HttpAnswer, type HttpCaller } from './http-caller.ts';

export interface HttpDriverOptions {
  readonly broadcastUrl: string;
  readonly headers?: readonly Header[] | undefined;
  /** Puts each envelope into a body of the user's own; rules out NDJSON. */
  readonly template?: BodyTemplate | undefined;
  /** True where the hub is known to take NDJSON, so that nothing has to be found out. */
  readonly takesBatches?: boolean | undefined;
}

// Below what hubs commonly take in one body; a hub that answers 413 gets half of it, and half again.
const MAX_BODY_CHARS = 4_194_304;
const QUOTED_ANSWER_CHARS = 200;

/** Looks for the hub's counters on the way; fails when nothing answers at the host of `broadcastUrl`. */
export async function startHttpDriver(options: HttpDriverOptions): Promise<DriverStart> {
  const caller = createHttpCaller(systemClock);
  const headers = Object.fromEntries(options.headers ?? []);
  const found = await findStats(caller, options.broadcastUrl, headers);
  if (!found.ok) {
    caller.close();
    return found;
  }
  return { ok: true, driver: createHttpDriver(options, caller, headers, found) };
}

interface StatsFound {
  readonly ok: true;
  readonly statsUrl?: URL;
  readonly missing?: string;
}

async function findStats(
  caller: HttpCaller,
  broadcastUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<StatsFound | { readonly ok: false; readonly problem: string }> {
  const root = new URL('/stats', broadcastUrl);
  const beside = new URL('stats', broadcastUrl);
  beside.search = '';
  let missing = '';
  for (const url of root.href === beside.href ? [root] : [beside, root]) {
    const answer = await caller.call({ method: 'GET', url, headers, deadlineMillis: STATS_DEADLINE_MILLIS });
    if (!answer.ok && answer.kind === 'unreachable') return { ok: false, problem: answer.problem };
    if (answer.ok && isSuccess(answer) && readStats(parseJson(answer.body))) {
      return { ok: true, statsUrl: url };
    }
    missing = describeMissingStats(url, answer);
  }
  return { ok: true, missing };
}

function describeMissingStats(url: URL, answer: HttpAnswer): string {
  if (!answer.ok) return answer.problem;
  if (!isSuccess(answer)) return `GET ${url.pathname} answered ${answer.status}`;
  return `GET ${url.pathname} did not answer with a JSON object that has a number 'clients'`;
}

function createHttpDriver(
  options: HttpDriverOptions,
  caller: HttpCaller,
  headers: Readonly<Record<string, string>>,
  stats: StatsFound,
): Driver {
  const url = new URL(options.broadcastUrl);
  const batches = createBatches(options);
  let maxBodyChars = MAX_BODY_CHARS;

  function post(body: RequestBody, deadlineMillis: number): Promise<HttpAnswer> {
    // The user's headers come last: a template may well need another content type.
    const allHeaders = { 'content-type': body.contentType, ...lowerCased(headers) };
    return caller.call({ method: 'POST', url, headers: allHeaders, body: body.text, deadlineMillis });
  }

  async function sendSingle(text: string, deadlineMillis: number): Promise<BroadcastOutcome> {
    return fromAnswer(url, await post(encodeSingle(text, options.template), deadlineMillis), 1);
  }

  async function sendBatch(texts: readonly string[], deadlineMillis: number): Promise<BroadcastOutcome> {
    const untilMicros = systemClock.nowMicros() + deadlineMillis * 1_000;
    const knownBefore = batches.state === 'yes';
    const answer = await post(encodeBatch(texts), deadlineMillis);
    if (!answer.ok) return fromAnswer(url, answer, 0);
    if (isSuccess(answer)) {
      const accepted = batches.acceptedOf(texts.length, answer.body);
      return accepted === undefined || (accepted === 0 && texts.length > 0)
        ? refused(
            `POST ${url.href} answered ${answer.status}, but not that it took the ${texts.length} events`,
          )
        : { ok: true, accepted };
    }
    if (answer.status === 413 && texts.length > 1) {
      maxBodyChars = Math.max(1, Math.floor(maxBodyChars / 2));
      return { ok: true, accepted: 0 };
    }
    if (knownBefore) return fromAnswer(url, answer, 0);
    // NDJSON was refused: because it is NDJSON, or because of the event? The same event as JSON tells.
    const remainingMillis = Math.max(1, (untilMicros - systemClock.nowMicros()) / 1_000);
    const single = await sendSingle(texts[0] ?? '', remainingMillis);
    if (single.ok) batches.ruleOut(`POST of application/x-ndjson answered ${answer.status}`);
    return single;
  }

  return {
    get abilities() {
      return {
        broadcast: true,
        batch: batches.state === 'yes',
        stats: stats.statsUrl !== undefined,
        missing: {
          ...(batches.missing !== undefined && { batch: batches.missing }),
          ...(stats.missing !== undefined && { stats: stats.missing }),
        },
      };
    },
    async broadcast(texts, { deadlineMillis = BROADCAST_DEADLINE_MILLIS } = {}) {
      const untilMicros = systemClock.nowMicros() + deadlineMillis * 1_000;
      let accepted = 0;
      while (accepted < texts.length) {
        const remainingMillis = Math.ceil((untilMicros - systemClock.nowMicros()) / 1_000);
        if (remainingMillis <= 0) return lateOutcome(url, accepted, texts.length, deadlineMillis);
        const limit = batches.batchLimit();
        const rest = texts.slice(accepted, accepted + Math.max(1, limit));
        const outcome =
          limit === 0
            ? await sendSingle(rest[0] ?? '', remainingMillis)
            : await sendBatch(cutBatches(rest, maxBodyChars, limit)[0] ?? [], remainingMillis);
        if (!outcome.ok) return outcome;
        accepted += outcome.accepted;
      }
      return { ok: true, accepted };
    },
    async stats() {
      if (stats.statsUrl === undefined) return undefined;
      const answer = await caller.call({
        method: 'GET',
        url: stats.statsUrl,
        headers,
        deadlineMillis: STATS_DEADLINE_MILLIS,
      });
      return answer.ok && isSuccess(answer) ? readStats(parseJson(answer.body)) : undefined;
    },
    askToStop: async () => false,
    async close() {
      caller.close();
    },
  };
}

function createBatches(options: HttpDriverOptions): BatchSupport {
  if (options.template !== undefined) {
    return createBatchSupport('no', 'a broadcast template holds one event a request');
  }
  return createBatchSupport(options.takesBatches ? 'yes' : 'untried');
}

function fromAnswer(url: URL, answer: HttpAnswer, accepted: number): BroadcastOutcome {
  if (!answer.ok) return answer;
  if (isSuccess(answer)) return { ok: true, accepted };
  return refused(
    `POST ${url.href} answered ${answer.status}${explainStatus(answer.status)}${quote(answer.body)}`,
  );
}

function explainStatus(status: number): string {
  if (status >= 300 && status < 400) return ' (redirects are not followed: give the final URL)';
  if (status === 401 || status === 403) return ' (does it want a --broadcast-header?)';
  return '';
}

function quote(body: string): string {
  const text = body.replace(/\s+/g, ' ').trim().slice(0, QUOTED_ANSWER_CHARS);
  return text === '' ? '' : `: ${text}`;
}

function lateOutcome(url: URL, accepted: number, sent: number, deadlineMillis: number): BroadcastOutcome {
  const problem = `POST ${url.href} took ${accepted} of ${sent} events within ${deadlineMillis} ms`;
  return { ok: false, kind: 'timeout', problem };
}

function isSuccess(answer: { readonly status: number }): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
