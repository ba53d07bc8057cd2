// What an HTTP answer means for a broadcast, in words for the one who runs the kit.
import { refused } from '../driver.ts';
import type { BroadcastOutcome } from '../target.ts';
import type { HttpAnswer } from './http-caller.ts';

const QUOTED_ANSWER_CHARS = 200;

export function outcomeOf(url: URL, answer: HttpAnswer, accepted: number): BroadcastOutcome {
  if (!answer.ok) return answer;
  if (isSuccess(answer)) return { ok: true, accepted };
  return refused(
    `POST ${url.href} answered ${answer.status}${explainStatus(answer.status)}${quote(answer.body)}`,
    answer.status,
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
