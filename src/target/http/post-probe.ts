// Finds out whether a hub has POST /broadcast, without broadcasting anything: the request announces a body with
// `Expect: 100-continue` and never sends it. A server without the route answers with an error; one with the route
// waits for the body, and the request is abandoned.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { systemClock } from '../../time/clock.ts';
import { httpUrlOf } from '../../wire/hub-address.ts';
import { agentOptionsFor, type TlsSettings } from '../../wire/tls/tls-settings.ts';
import { FLAG_NAMES, type OptionNames } from '../option-names.ts';
import type { Header } from './broadcast-header.ts';
import { httpAddressOf } from './http-address.ts';

export type PostProbe =
  | { readonly isThere: true }
  | { readonly isThere: false; readonly reason: string; readonly isCut?: boolean };

const ANSWER_DEADLINE_MILLIS = 5_000;
// A server that sends 100 Continue before it looks at the route answers 404 right after it.
const QUIET_MILLIS = 750;
// The route refuses this request: so there is a route.
const ABOUT_THE_REQUEST = [400, 411, 413, 415, 417, 422, 429];

export function probePost(
  url: URL,
  headers: readonly Header[] = [],
  names = FLAG_NAMES,
  tls?: TlsSettings,
): Promise<PostProbe> {
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)({
      ...httpAddressOf(url),
      method: 'POST',
      agent: false,
      ...(url.protocol === 'https:' && agentOptionsFor(tls)),
      headers: {
        ...Object.fromEntries(headers),
        'content-type': 'application/json',
        'content-length': '2',
        expect: '100-continue',
      },
    });
    // Waiting in silence is what a route without "100 Continue" support does as well.
    let timer = systemClock.after(ANSWER_DEADLINE_MILLIS, () => end({ isThere: true }));
    function end(probe: PostProbe): void {
      timer.cancel();
      request.destroy();
      resolve(probe);
    }
    request.once('continue', () => {
      timer.cancel();
      timer = systemClock.after(QUIET_MILLIS, () => end({ isThere: true }));
    });
    request.once('response', ({ statusCode = 0, headers: answered }) => {
      end(judgeAnswer(url, statusCode, answered['content-type'] ?? '', names));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      end({
        isThere: false,
        reason: `POST ${url.href} failed (${error.code ?? error.message})`,
        isCut: true,
      });
    });
    request.flushHeaders();
  });
}

function judgeAnswer(url: URL, status: number, contentType: string, names: OptionNames): PostProbe {
  // A page for people is what single-page applications answer to every path.
  const isApi = status >= 200 && status < 300 && !contentType.includes('html');
  if (isApi || ABOUT_THE_REQUEST.includes(status)) return { isThere: true };
  const hint = status === 401 || status === 403 ? ` (does it want a ${names.broadcastHeader}?)` : '';
  return { isThere: false, reason: `POST ${url.href} answered ${status}${hint}` };
}

/** Where a hub with the reference hub's routes would take events: `http://host/broadcast` for `ws://host/ws`. */
export function guessBroadcastUrl(url: string): URL {
  return httpUrlOf(url, '/broadcast');
}
