// What an HTTP answer means for a broadcast, in words for the one who runs the kit.
import { FLAG_NAMES, type OptionNames } from '../option-names.ts';
import type { BroadcastOutcome } from '../target.ts';
import type { HttpAnswer } from './http-caller.ts';

const QUOTED_ANSWER_CHARS = 200;

/** Of a request with so many events. */
export function outcomeOf(
  url: URL,
  answer: HttpAnswer,
  events: number,
  names = FLAG_NAMES,
): BroadcastOutcome {
  if (!answer.ok) return answer;
  if (isSuccess(answer)) return { ok: true, accepted: events };
  const { status } = answer;
  const problem = `POST ${url.href} answered ${status}${explainStatus(status, names)}${quote(answer.body)}`;
  return { ok: false, kind: 'refused', problem, status, refused: events };
}

function explainStatus(status: number, names: OptionNames): string {
  if (status >= 300 && status < 400) return ' (redirects are not followed: give the final URL)';
  if (status === 401 || status === 403 || status === 407)
    return ` (does it want a ${names.broadcastHeader}?)`;
  if (status === 404 || status === 405 || status === 410)
    return ` (is ${names.broadcastUrl} the right path?)`;
  if (status === 400 || status === 415 || status === 422)
    return ` (does it want another body? ${names.broadcastTemplate}, ${names.broadcastHeader})`;
  return status === 413 ? ' (the body is larger than the hub takes)' : '';
}

function quote(body: string): string {
  const text = body.replace(/\s+/g, ' ').trim().slice(0, QUOTED_ANSWER_CHARS);
  return text === '' ? '' : `: ${text}`;
}

export function lateOutcome(
  url: URL,
  accepted: number,
  sent: number,
  deadlineMillis: number,
): BroadcastOutcome {
  const where = `POST ${url.href}`;
  const problem =
    sent === 1
      ? `${where} was not answered within ${deadlineMillis} ms`
      : `${where} took ${accepted} of ${sent} events within ${deadlineMillis} ms`;
  return { ok: false, kind: 'timeout', problem, ...(accepted > 0 && { accepted }) };
}

export function isSuccess(answer: { readonly status: number }): boolean {
  return answer.status >= 200 && answer.status < 300;
}
