// The forms in which events are POSTed to a hub: chunked, in pieces, indented, with other spellings of the media type, with long
// headers, on a connection whose last request was refused, beside a producer that is slow.
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import type { BroadcastOutcome } from '../target.ts';
import { callInForm, createFormAgent, type FormCall } from './form-caller.ts';
import { outcomeOf } from './http-outcome.ts';
import type { RequestForm } from './request-form.ts';

export interface RequestFormsOptions {
  readonly url: URL;
  /** Of the user, such as a token; names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings | undefined;
  /** Whether the hub counts the events of a request, so that NDJSON may be tried. */
  readonly isCounting: boolean;
}

const JSON_TYPE = 'application/json';
const NDJSON_TYPE = 'application/x-ndjson';
const NDJSON = 'as lines of NDJSON, each with a newline';
const NDJSON_EVENTS = 3;
/** More than what readers of lines take by default, and together more than 1 MiB. */
const [LONG_LINE_BYTES, LONG_BODY_BYTES] = [80 * 1_024, 400 * 1_024];
const COOKIE_BYTES = 6 * 1_024;
const PIECES = 4;
const CLOSING_MILLIS = 50;
const REFUSED: readonly (readonly [type: string, body: string])[] = [
  ['application/x-unknown', `not an event ${'x'.repeat(500)}`],
  [JSON_TYPE, '{"type": not JSON'],
];

interface FormParts {
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isInPieces?: boolean;
  readonly isChunked?: boolean;
  readonly isExpecting?: boolean;
}

/** With one event each, except where more is said. */
export function createRequestForms(options: RequestFormsOptions): readonly RequestForm[] {
  const { url } = options;

  async function onOwnConnection(
    send: (
      call: (parts: FormParts, more?: Partial<FormCall>) => ReturnType<typeof callInForm>,
    ) => Promise<BroadcastOutcome>,
    deadlineMillis: number,
  ): Promise<BroadcastOutcome> {
    const agent = createFormAgent(url, options.tls);
    try {
      return await send((parts, more) =>
        callInForm({ ...callOf(options, parts), agent, deadlineMillis, ...more }),
      );
    } finally {
      agent.destroy();
    }
  }

  const form = (
    name: string,
    partsOf: (texts: readonly string[]) => FormParts,
    more: Partial<RequestForm> = {},
  ): RequestForm => ({
    ...{ name, events: 1, ...more },
    send: (texts, deadlineMillis) =>
      onOwnConnection(
        async (call) => outcomeOf(url, await call(partsOf(texts)), texts.length),
        deadlineMillis,
      ),
  });
  const single = (name: string, parts: Omit<FormParts, 'body'>): RequestForm =>
    form(name, ([text = '']) => ({ ...parts, body: text }));
  const lines = (
    name: string,
    more: Partial<RequestForm>,
    parts: Omit<FormParts, 'body'>,
    end = '',
  ): RequestForm =>
    form(name, (texts) => ({ contentType: NDJSON_TYPE, ...parts, body: texts.join('\n') + end }), {
      events: NDJSON_EVENTS,
      ...more,
    });

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
          lines(NDJSON, { isTrial: true }, {}, '\n'),
          lines('as lines of NDJSON, the last without a newline', { when: NDJSON }, {}),
          lines(
            'as lines of NDJSON in chunks',
            { when: NDJSON },
            { isChunked: true, isInPieces: true },
            '\n',
          ),
          lines('as long lines of NDJSON', { when: NDJSON, eventBytes: LONG_LINE_BYTES }, {}, '\n'),
          lines('as NDJSON of more than 1 MiB', { when: NDJSON, eventBytes: LONG_BODY_BYTES }, {}, '\n'),
        ]
      : []),
  ];
}

function callOf(
  { url, headers }: RequestFormsOptions,
  { contentType = JSON_TYPE, body, isInPieces = false, headers: own, ...rest }: FormParts,
): Omit<FormCall, 'agent' | 'deadlineMillis'> {
  const pieceChars = Math.ceil(body.length / PIECES);
  const pieces = isInPieces
    ? Array.from({ length: PIECES }, (_, at) => body.slice(at * pieceChars, (at + 1) * pieceChars))
    : [body];
  return {
    url,
    headers: { ...headers, ...own, 'content-type': contentType },
    pieces: pieces.filter((piece) => piece !== ''),
    ...rest,
  };
}

const indented = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

function cookies(): string {
  const names = Array.from({ length: COOKIE_BYTES / 128 }, (_, at) => `session_${at}`);
  return names.map((name) => `${name}=${'a'.repeat(125 - name.length)}`).join('; ');
}
