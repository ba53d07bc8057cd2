// The line of JSON a spawned hub prints when it takes connections. Only `url` is required, so that a hub needs one
// print statement to be judged; everything printed before it is log.
import { isBroadcastUrl, isHubUrl } from '../../wire/address/hub-urls.ts';

export interface ReadyLine {
  /** Where clients connect; missing only in `{"ready":true}`, which is enough when the user gave the URL. */
  readonly url?: string;
  readonly broadcastUrl?: string;
  readonly pid?: number;
}

export type ReadyLineReading =
  | { readonly kind: 'ready'; readonly line: ReadyLine }
  /** Says that it is ready, but not in a way that can be used; `problem` is one sentence. */
  | { readonly kind: 'bad'; readonly problem: string }
  | { readonly kind: 'log' };

export function readReadyLine(text: string): ReadyLineReading {
  const fields = parseObject(text);
  if (fields === undefined) return { kind: 'log' };
  const { url, broadcastUrl, pid } = fields;
  const saysReady = fields.ready === true;
  if (!saysReady && !isText(url, isHubUrl)) return { kind: 'log' };
  if (url !== undefined && !isText(url, isHubUrl)) return bad('url', 'a ws:// or wss:// URL', url);
  if (broadcastUrl !== undefined && !isText(broadcastUrl, isBroadcastUrl)) {
    return bad('broadcastUrl', 'an http:// or https:// URL', broadcastUrl);
  }
  if (pid !== undefined && !isPid(pid)) return bad('pid', 'a whole number above 0', pid);
  return {
    kind: 'ready',
    line: {
      ...(url !== undefined && { url }),
      ...(broadcastUrl !== undefined && { broadcastUrl }),
      ...(pid !== undefined && { pid }),
    },
  };
}

function bad(field: string, rule: string, value: unknown): ReadyLineReading {
  return {
    kind: 'bad',
    problem: `its ready line has ${field} ${JSON.stringify(value)}, which is not ${rule}`,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function isText(value: unknown, fits: (text: string) => boolean): value is string {
  return typeof value === 'string' && fits(value);
}

function isPid(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
