// Broadcasts over HTTP: POST of one envelope as JSON, or of many as NDJSON where the hub accepts it. Any 2xx is a
// success.
import { systemClock } from '../../time/clock.ts';
import { httpUrlOf } from '../../wire/hub-address.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import {
  BROADCAST_DEADLINE_MILLIS,
  type Driver,
  type DriverStart,
  STATS_DEADLINE_MILLIS,
} from '../driver.ts';
import type { OptionNames } from '../option-names.ts';
import type { ProducerOptions } from '../producer/http-producer.ts';
import type { BroadcastOutcome } from '../target.ts';
import { type BatchSupport, createBatchSupport, MAX_BATCH_EVENTS } from './batch-support.ts';
import type { Header } from './broadcast-header.ts';
import { createPageForms } from './forms/page-forms.ts';
import { createRequestForms } from './forms/request-forms.ts';
import { type BodyTemplate, cutBatches, encodeBatch, encodeSingle, type RequestBody } from './http-body.ts';
import { createHttpCaller, type HttpAnswer, type HttpCaller } from './http-caller.ts';
import { isSuccess, lateOutcome, outcomeOf } from './http-outcome.ts';
import { findStats, type HttpStats } from './http-stats.ts';

export interface HttpDriverOptions {
  readonly broadcastUrl: string;
  readonly headers?: readonly Header[] | undefined;
  /** Puts each envelope into a body of the user's own; rules out NDJSON. */
  readonly template?: BodyTemplate | undefined;
  readonly tls?: TlsSettings | undefined;
  /** Whether the hub accepts NDJSON, where that is known, so that it is not probed. */
  readonly takesBatches?: boolean | undefined;
  readonly names?: OptionNames | undefined;
}

export interface HttpDriver extends Driver {
  /** Opens a connection to the hub where none is open, and broadcasts nothing. */
  warmUp(): Promise<void>;
  producer(): ProducerOptions;
}

// Below what hubs commonly take in one body; a hub that answers 413 gets half of it, and half again.
const MAX_BODY_CHARS = 4_194_304;

/** Also finds the hub's counters; fails when nothing listens at the host of `broadcastUrl`. */
export async function startHttpDriver(
  options: HttpDriverOptions,
): Promise<
  { readonly ok: true; readonly driver: HttpDriver } | Extract<DriverStart, { readonly ok: false }>
> {
  const caller = createHttpCaller(systemClock, options.tls);
  const headers = Object.fromEntries(options.headers ?? []);
  const found = await findStats(caller, options.broadcastUrl, headers);
  if (!found.ok) {
    caller.close();
    return found;
  }
  return { ok: true, driver: createHttpDriver(options, caller, headers, found.stats) };
}

function createHttpDriver(
  options: HttpDriverOptions,
  caller: HttpCaller,
  headers: Readonly<Record<string, string>>,
  stats: HttpStats,
): HttpDriver {
  const url = new URL(options.broadcastUrl);
  const batches = createBatches(options);
  let maxBodyChars = MAX_BODY_CHARS;

  function post(body: RequestBody, deadlineMillis: number, isRepeatable = false): Promise<HttpAnswer> {
    // The user's headers come last: a template may well need another content type.
    const allHeaders = { 'content-type': body.contentType, ...lowerCased(headers) };
    const { text } = body;
    return caller.call({
      method: 'POST',
      url,
      headers: allHeaders,
      body: text,
      deadlineMillis,
      isRepeatable,
    });
  }

  async function sendSingle(text: string, deadlineMillis: number): Promise<BroadcastOutcome> {
    return outcomeOf(url, await post(encodeSingle(text, options.template), deadlineMillis), 1, options.names);
  }

  function countedNone(status: number, events: number): BroadcastOutcome {
    const problem = `POST ${url.href} of application/x-ndjson answered ${status}, and counted 0 of ${events} events`;
    return { ok: false, kind: 'refused', problem, refused: events };
  }

  async function sendBatch(texts: readonly string[], untilMicros: number): Promise<BroadcastOutcome> {
    const answer = await post(encodeBatch(texts), remainingMillisTo(untilMicros));
    if (!answer.ok) return outcomeOf(url, answer, 0);
    if (isSuccess(answer)) {
      const accepted = batches.acceptedOf(texts.length, answer.body);
      return accepted > 0 ? { ok: true, accepted } : countedNone(answer.status, texts.length);
    }
    if (answer.status === 413 && texts.length > 1) {
      maxBodyChars = Math.max(1, Math.floor(maxBodyChars / 2));
      return { ok: true, accepted: 0 };
    }
    return outcomeOf(url, answer, texts.length, options.names);
  }

  /** Why NDJSON is ruled out if the next event is accepted as JSON; a failed outcome when there was no answer at all. */
  async function tryBatches(untilMicros: number): Promise<string | BroadcastOutcome | undefined> {
    for (let trial = batches.nextTrial(); trial.length > 0; trial = batches.nextTrial()) {
      const answer = await post(encodeBatch(trial), remainingMillisTo(untilMicros), true);
      if (!answer.ok) return outcomeOf(url, answer, 0);
      if (!isSuccess(answer)) return `POST of application/x-ndjson answered ${answer.status}`;
      batches.judgeTrial(trial.length, answer.body);
    }
    return undefined;
  }

  async function sendNext(texts: readonly string[], untilMicros: number): Promise<BroadcastOutcome> {
    const tried = await tryBatches(untilMicros);
    if (typeof tried === 'object') return tried;
    const limit = tried === undefined ? batches.batchLimit() : 0;
    if (limit > 0) {
      return sendBatch(cutBatches(texts.slice(0, limit), maxBodyChars, limit)[0] ?? [], untilMicros);
    }
    const single = await sendSingle(texts[0] ?? '', remainingMillisTo(untilMicros));
    if (single.ok && tried !== undefined) batches.ruleOut(tried);
    return single;
  }

  return {
    get abilities() {
      return {
        broadcast: true,
        batch: batches.state === 'yes',
        stats: stats.missing === undefined,
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
        if (systemClock.nowMicros() >= untilMicros)
          return lateOutcome(url, accepted, texts.length, deadlineMillis);
        const outcome = await sendNext(texts.slice(accepted, accepted + MAX_BATCH_EVENTS), untilMicros);
        if (!outcome.ok) {
          // The request that was not answered had the rest of the deadline: the message says the whole.
          if (outcome.kind === 'timeout') return lateOutcome(url, accepted, texts.length, deadlineMillis);
          return accepted > 0 ? { ...outcome, accepted } : outcome;
        }
        accepted += outcome.accepted;
      }
      return { ok: true, accepted };
    },
    // Another body, or another type of it, is not the kit's to change.
    requestForms(page) {
      if (options.template !== undefined || 'content-type' in lowerCased(headers)) return [];
      const form = { url, headers: lowerCased(headers), tls: options.tls };
      return page === undefined
        ? createRequestForms({ ...form, isCounting: batches.isCounting })
        : createPageForms({ ...form, page });
    },
    producer: () => ({
      broadcastUrl: options.broadcastUrl,
      headers: options.headers ?? [],
      template: options.template?.text,
      tls: options.tls,
      takesBatches: batches.state === 'yes',
    }),
    async warmUp() {
      const beside = httpUrlOf(options.broadcastUrl, 'stats');
      await caller.call({ method: 'GET', url: beside, headers, deadlineMillis: STATS_DEADLINE_MILLIS });
    },
    stats: () => stats.read(),
    askToStop: async () => false,
    async close() {
      caller.close();
    },
  };
}

function remainingMillisTo(untilMicros: number): number {
  return Math.max(1, Math.ceil((untilMicros - systemClock.nowMicros()) / 1_000));
}

function createBatches(options: HttpDriverOptions): BatchSupport {
  if (options.template !== undefined) {
    return createBatchSupport('no', 'a broadcast template holds one event a request');
  }
  const { takesBatches } = options;
  return createBatchSupport(takesBatches === undefined ? 'untried' : takesBatches ? 'yes' : 'no');
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
