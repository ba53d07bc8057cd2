// The counters of a hub over HTTP: GET stats beside the broadcast URL, or /stats at its root.
import { parseJson } from '../../files/json-text.ts';
import { httpUrlOf, requestUrlOf } from '../../wire/hub-address.ts';
import { readStats, STATS_DEADLINE_MILLIS } from '../driver.ts';
import type { TargetStats } from '../target.ts';
import type { HttpAnswer, HttpCaller } from './http-caller.ts';
import { isSuccess } from './http-outcome.ts';

export interface HttpStats {
  /** Why the hub has no counters; undefined when it has. */
  readonly missing: string | undefined;
  read(): Promise<TargetStats | undefined>;
}

/** Finds the counters; fails when nothing listens at the host of `broadcastUrl`. */
export async function findStats(
  caller: HttpCaller,
  broadcastUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<
  { readonly ok: true; readonly stats: HttpStats } | { readonly ok: false; readonly problem: string }
> {
  const get = (url: URL) =>
    caller.call({ method: 'GET', url, headers, deadlineMillis: STATS_DEADLINE_MILLIS });
  const root = httpUrlOf(broadcastUrl, '/stats');
  const beside = httpUrlOf(broadcastUrl, 'stats');
  let missing = '';
  for (const url of root.href === beside.href ? [root] : [beside, root]) {
    const answer = await get(url);
    if (!answer.ok && answer.kind === 'unreachable') return { ok: false, problem: answer.problem };
    if (statsIn(answer)) {
      return { ok: true, stats: { missing: undefined, read: async () => statsIn(await get(url)) } };
    }
    missing = describeMissingStats(url, answer);
  }
  return { ok: true, stats: { missing, read: async () => undefined } };
}

function statsIn(answer: HttpAnswer): TargetStats | undefined {
  return answer.ok && isSuccess(answer) ? readStats(parseJson(answer.body)) : undefined;
}

function describeMissingStats(url: URL, answer: HttpAnswer): string {
  if (!answer.ok) return answer.problem;
  if (!isSuccess(answer)) return `GET ${requestUrlOf(url).pathname} answered ${answer.status}`;
  return `GET ${requestUrlOf(url).pathname} did not answer with a JSON object that has a number 'clients'`;
}
