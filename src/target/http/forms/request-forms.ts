// The forms in which events are POSTed to a hub: chunked, in pieces, indented, with other spellings of the media type, with long
// headers, on a connection whose last request was refused, beside a producer that is slow.
import { systemClock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';
import { outcomeOf } from '../http-outcome.ts';
import { createFormMaker, type FormOptions, JSON_TYPE } from './form-maker.ts';
import type { RequestForm } from './request-form.ts';

export interface RequestFormsOptions extends FormOptions {
  /** Whether the hub counts the events of a request, so that NDJSON may be tried. */
  readonly isCounting: boolean;
}

const NDJSON = 'as lines of NDJSON, each with a newline';
/** More than what readers of lines take by default, and together more than 1 MiB. */
const [LONG_LINE_BYTES, LONG_BODY_BYTES] = [80 * 1_024, 400 * 1_024];
const COOKIE_BYTES = 6 * 1_024;
const CLOSING_MILLIS = 50;
const REFUSED: readonly (readonly [type: string, body: string])[] = [
  ['application/x-unknown', `not an event ${'x'.repeat(500)}`],
  [JSON_TYPE, '{"type": not JSON'],
];

/** With one event each, except where more is said. */
export function createRequestForms(options: RequestFormsOptions): readonly RequestForm[] {
  const { url } = options;
  const { onOwnConnection, form, single, lines } = createFormMaker(options);

  /** Each event follows another refusal. */
  const afterRefusal: RequestForm = {
    ...{ name: 'on a connection whose last request was refused', isUsual: true },
    events: REFUSED.length,
    async send(texts, deadlineMillis) {
      for (const [at, [contentType, body]] of REFUSED.entries()) {
        const outcome = await onOwnConnection(async (call) => {
          const no = await call({ contentType, body });
          if (!no.ok) return { ok: false, kind: 'refused', problem: `what is not an event: ${no.problem}` };
          // A hub may close the connection after it has refused.
          await pause(systemClock, CLOSING_MILLIS);
          const answer = await call({ body: texts[at] ?? '' });
          if (!answer.ok && answer.kind === 'unreachable')
            return { ok: false, kind: 'refused', problem: answer.problem };
          return outcomeOf(url, answer, 1);
        }, deadlineMillis);
        if (!outcome.ok) return outcome;
      }
      return { ok: true, accepted: texts.length };
    },
  };

  /** The first is held back in the middle of its body until the second has its answer. */
  const besideSlow: RequestForm = {
    ...{
      name: 'while another producer is in the middle of its request',
      events: 2,
    },
    async send([slow = '', quick = ''], deadlineMillis) {
      let release = (): void => {};
      const beforeLast = new Promise<void>((resolve) => {
        release = resolve;
      });
      const held = onOwnConnection(
        async (call) =>
          outcomeOf(
            url,
            await call({ body: slow, isInPieces: true }, { beforeLast, deadlineMillis: deadlineMillis * 3 }),
            1,
          ),
        deadlineMillis,
      );
      const answered = await onOwnConnection(
        async (call) => outcomeOf(url, await call({ body: quick }), 1),
        deadlineMillis,
      );
      release();
      const last = await held;
      if (!answered.ok) return answered;
      return last.ok ? { ok: true, accepted: 2 } : last;
    },
  };

  return [
    single('in chunks (Transfer-Encoding: chunked)', { isChunked: true, isInPieces: true }),
    single('with Expect: 100-continue', { isExpecting: true }),
    single('with a body that arrives in pieces', { isInPieces: true }),
    single(`as ${JSON_TYPE}; charset=utf-8`, { contentType: `${JSON_TYPE}; charset=utf-8` }),
    form('as JSON over several lines', ([text = '']) => ({ body: `${indented(text)}\n` })),
    single('as Application/JSON, in capitals', { contentType: 'Application/JSON' }),
    single('with 6 KiB of cookies', { headers: { cookie: cookies() } }),
    afterRefusal,
    besideSlow,
    ...(options.isCounting
      ? [
          lines(NDJSON, { isTrial: true }, {}, { end: '\n' }),
          lines('as lines of NDJSON, the last without a newline', { when: NDJSON }, {}),
          lines(
            'as lines of NDJSON in chunks',
            { when: NDJSON },
            { isChunked: true, isInPieces: true },
            { end: '\n' },
          ),
          lines(
            'as lines of NDJSON that end in CR LF',
            { when: NDJSON },
            {},
            { between: '\r\n', end: '\r\n' },
          ),
          lines('as lines of NDJSON with blanks around them', { when: NDJSON }, {}, { between: ' \n ' }),
          lines('as long lines of NDJSON', { when: NDJSON, eventBytes: LONG_LINE_BYTES }, {}, { end: '\n' }),
          lines(
            'as NDJSON of more than 1 MiB',
            { when: NDJSON, eventBytes: LONG_BODY_BYTES },
            {},
            { end: '\n' },
          ),
        ]
      : []),
  ];
}

const indented = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

function cookies(): string {
  const names = Array.from({ length: COOKIE_BYTES / 128 }, (_, at) => `session_${at}`);
  return names.map((name) => `${name}=${'a'.repeat(125 - name.length)}`).join('; ');
}
