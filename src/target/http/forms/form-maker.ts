// What every form of a request is made of: one POST on a connection of its own, with the headers of the user.
import { evenCuts, piecesBetween } from '../../../wire/request/write-cut.ts';
import type { TlsSettings } from '../../../wire/tls/tls-settings.ts';
import type { BroadcastOutcome } from '../../target.ts';
import { outcomeOf } from '../http-outcome.ts';
import { callInForm, createFormAgent, type FormCall } from './form-caller.ts';
import type { RequestForm } from './request-form.ts';

export interface FormOptions {
  readonly url: URL;
  /** Of the user, such as a token; names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings | undefined;
}

export const JSON_TYPE = 'application/json';
export const NDJSON_TYPE = 'application/x-ndjson';
const NDJSON_EVENTS = 3;
const PIECES = 4;
const NEAR_BYTES = 8;

export interface FormParts {
  /** Default: JSON; empty: none. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isInPieces?: boolean;
  readonly isChunked?: boolean;
  readonly isExpecting?: boolean;
}

type SendParts = (parts: FormParts, more?: Partial<FormCall>) => ReturnType<typeof callInForm>;

export function createFormMaker(options: FormOptions) {
  const { url } = options;

  async function onOwnConnection(
    send: (call: SendParts) => Promise<BroadcastOutcome>,
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
    { end = '', between = '\n' } = {},
  ): RequestForm =>
    form(name, (texts) => ({ contentType: NDJSON_TYPE, ...parts, body: texts.join(between) + end }), {
      events: NDJSON_EVENTS,
      ...more,
    });

  return { onOwnConnection, form, single, lines };
}

function callOf(
  { url, headers }: FormOptions,
  { contentType = JSON_TYPE, body, isInPieces = false, headers: own, ...rest }: FormParts,
): Omit<FormCall, 'agent' | 'deadlineMillis'> {
  const bytes = Buffer.from(body);
  return {
    url,
    headers: { ...headers, ...own, ...(contentType !== '' && { 'content-type': contentType }) },
    pieces: isInPieces ? cutInsideCharacters(bytes) : [bytes],
    ...rest,
  };
}

/** Each piece but the last ends inside a character of several bytes, where one is near. */
function cutInsideCharacters(bytes: Buffer): readonly Buffer[] {
  const cuts = evenCuts(bytes.length, PIECES).map((even) => {
    const inside = bytes.subarray(even, even + NEAR_BYTES).findIndex(isInsideCharacter);
    return even + Math.max(0, inside);
  });
  return piecesBetween(bytes, cuts).filter(({ length }) => length > 0);
}

/** A byte of UTF-8 that continues a character (RFC 3629). */
const isInsideCharacter = (byte: number): boolean => (byte & 0xc0) === 0x80;
