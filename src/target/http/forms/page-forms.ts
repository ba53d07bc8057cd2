// The forms in which a web page may POST events, or try to: with its Origin, as every media type that a hub may take, also
// those for which a browser asks nobody (no preflight), with what the browser adds, and on a connection that others use.
import { outcomeOf } from '../http-outcome.ts';
import { createFormMaker, type FormOptions, JSON_TYPE, NDJSON_TYPE } from './form-maker.ts';
import type { PageHeaders, RequestForm } from './request-form.ts';
import { createRequestForms } from './request-forms.ts';

export interface PageFormsOptions extends FormOptions {
  readonly page: PageHeaders;
}

const ARRAY_EVENTS = 2;
/** A hub may read some of them as JSON, or as lines of JSON, and refuse the others. */
const JSON_TYPES = ['text/plain;charset=UTF-8', 'text/json', 'application/x-www-form-urlencoded'];
const NDJSON_TYPES = [
  `${NDJSON_TYPE}; charset=utf-8`,
  'Application/X-NDJSON',
  'application/ndjson',
  'application/jsonl',
];

/** The first is the plainest one. */
export function createPageForms({ page, ...own }: PageFormsOptions): readonly RequestForm[] {
  const { origin: _, ...withoutOrigin } = own.headers;
  const options = { ...own, headers: { ...withoutOrigin, ...page } };
  const { form, single, lines, onOwnConnection } = createFormMaker(options);
  const credentials = {
    cookie: 'session=0; theme=dark',
    authorization: own.headers.authorization ?? 'Bearer not-a-token',
  };

  /** An event of an ordinary producer, and then one of the page. */
  const afterAllowed = (name: string, contentType: string): RequestForm => ({
    ...{ name: `${name} on a connection that an ordinary producer has used`, events: 2, ownEvents: 1 },
    send: ([allowed = '', text = ''], deadlineMillis) =>
      onOwnConnection(async (call) => {
        const headers = { ...own.headers, 'content-type': JSON_TYPE };
        const first = outcomeOf(own.url, await call({ body: allowed }, { headers }), 1);
        return first.ok ? outcomeOf(own.url, await call({ contentType, body: text }), 1) : first;
      }, deadlineMillis),
  });

  return [
    single('as JSON', {}),
    ...createRequestForms({ ...options, isCounting: false }),
    ...JSON_TYPES.map((contentType) => single(`as ${contentType}`, { contentType })),
    single('without a media type', { contentType: '' }),
    form('as an array of JSON', (texts) => ({ body: `[${texts.join(',')}]` }), { events: ARRAY_EVENTS }),
    lines('as lines of NDJSON', {}, {}, { end: '\n' }),
    lines('as one line of NDJSON', { events: 1 }, {}),
    lines('as lines of NDJSON in chunks', {}, { isChunked: true, isInPieces: true }, { end: '\n' }),
    ...NDJSON_TYPES.map((contentType) => lines(`as ${contentType}`, {}, { contentType }, { end: '\n' })),
    single('as JSON with a cookie and an Authorization header', { headers: credentials }),
    lines('as NDJSON with a cookie and an Authorization header', {}, { headers: credentials }, { end: '\n' }),
    afterAllowed('as JSON', JSON_TYPE),
    afterAllowed('as NDJSON', NDJSON_TYPE),
  ];
}
