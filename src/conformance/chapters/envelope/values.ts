// Values that hubs change on the way, class by class.

import type { Golden } from './round-trip.ts';
import { roundTripCheck } from './round-trip.ts';

const message = (text: string): Golden => ({
  payloadText: JSON.stringify({ sagaId: 'saga-1', message: text }),
});
const data = (json: string): Golden => ({ payloadText: `{"sagaId":"saga-1","message":"m","data":${json}}` });

export const unicodeStrings = roundTripCheck(
  {
    id: 'envelope.unicode',
    title: 'text in any script arrives as published',
    explain:
      'A hub that confuses character sets, cuts inside a surrogate pair, or counts bytes as characters shows garbage in the log of a deploy. The check sends Latin, Greek, Cyrillic, Hebrew, Chinese, combining marks, emoji of several code points and characters beyond the basic plane.',
  },
  [
    'Grüße, naïve façade, Ærøskøbing',
    'αβγ Привет שלום مرحبا',
    '部署完成 デプロイ 배포',
    'e\u0301 \u1100\u1161 \ufeffbom \u200d\u200b',
    '\u{1f680}\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1d4d0}\u{20bb7}\u{10ffff}',
    '\ud7ff\ue000\ufffd',
    'no\u00a0break\u202fhere',
  ].map(message),
);

export const escapedStrings = roundTripCheck(
  {
    id: 'envelope.escapes',
    title: 'quotes, control characters and markup arrive as published',
    explain:
      'Build logs are full of quotes, backslashes, tabs and ANSI colors. A hub that assembles JSON by hand breaks on them, one that escapes twice shows &lt; or \\u003c to people, one that decodes them as part of a URL turns %20 and + into spaces, and U+2028 used to end a line of JavaScript.',
  },
  [
    'she said "no" and left C:\\temp\\new',
    'tab\there\nnew line\r\nbell\u0007 escape\u001b[31mred\u001b[0m nul\u0000 del\u007f',
    '<script>alert("&amp; \'x\'")</script> a<b && c>d',
    'line\u2028separator\u2029paragraph',
    '\\u003c \\" \\\\ \\n are not escapes',
    '{"type":"deploy.failed"}',
    "%s %d $HOME {{y}} $1 \\1 '; --",
    'a%20b+c%2Fd 100%% 50%25',
    '  blanks around, and a line end \n',
    '2026-01-02T03:04:05Z',
  ].map(message),
);

const UPPER_AND_LOWER = 'My.App/EU_1 (Ärzte) ';

export const identifiers = roundTripCheck(
  {
    id: 'envelope.identifiers',
    title: 'identifiers arrive unchanged, whatever they look like',
    explain:
      'Consumers compare appId, sagaId and executionId with identifiers from elsewhere. A hub that folds case, trims, cuts, or converts digits to a number or "true" to a boolean produces an event that belongs to no app. The check sends names in upper and lower case, with spaces and slashes, of digits only, and of 100 letters, and an error and an image tag with more than a first line or a last part.',
  },
  [
    { appId: UPPER_AND_LOWER, payloadText: JSON.stringify({ sagaId: UPPER_AND_LOWER, message: 'm' }) },
    { appId: '0042', payloadText: '{"sagaId":"0042","message":"7"}' },
    { appId: 'a'.repeat(100), payloadText: JSON.stringify({ sagaId: 'S'.repeat(100), message: '' }) },
    { appId: 'true', payloadText: '{"sagaId":"false","message":"null","done":"true"}' },
    {
      type: 'function.completed',
      appId: 'null',
      payloadText: '{"executionId":"1e3","status":"complete"}',
    },
    {
      type: 'deploy.failed',
      payloadText: '{"sagaId":"A-1","error":"first line\\n  second line: exit 1\\n"}',
    },
    {
      type: 'deploy.completed',
      payloadText: '{"sagaId":"A-1","imageTag":"registry:5000/Team/app:1.0@sha256:AB"}',
    },
  ],
);

export const emptyValues = roundTripCheck(
  {
    id: 'envelope.empty-values',
    title: 'empty strings, objects and arrays are kept',
    explain:
      'Encoders that leave out empty fields (omitempty) make `appId` or `message` disappear, and consumers that read them break.',
  },
  [
    { appId: '', payloadText: '{"sagaId":"","message":""}' },
    data('{"empty":"","none":{},"list":[],"zero":0,"no":false}'),
    {
      payloadText:
        '{"sagaId":"s","message":"m","empty":"","none":{},"list":[],"zero":0,"no":false,"nothing":null}',
    },
    data('["",{},[],0,false,null,{"empty":"","none":{},"list":[],"zero":0,"no":false,"nothing":null}]'),
    { type: 'app.scaled', payloadText: '{"sagaId":"s","group":"","count":0}' },
  ],
);

/** Names that programming languages give a meaning of their own, and those of the envelope itself. */
const SPECIAL_KEYS = [
  ...['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'length', 'then'],
  ...['type', 'appId', 'payload', 'id', 'data', 'event', 'class', '__class__', '$type', '$ref', '@id'],
  ...['0', '-1', 'a.b', 'a[0]', ' ', ''],
];
const special = JSON.stringify(Object.fromEntries(SPECIAL_KEYS.map((name) => [name, `v of ${name}`])));
const PROTO = '"__proto__":"own","__defineGetter__":"own"';

/** The same fields in each place of a payload: as its own, inside of objects, and inside of lists. */
const everywhere = (fields: string): Golden[] => [
  { payloadText: `{"sagaId":"s","message":"m",${fields}}` },
  data(`{${fields}}`),
  data(`[{${fields}},{"in":{${fields}}}]`),
];

export const specialKeys = roundTripCheck(
  {
    id: 'envelope.special-keys',
    title: 'keys of a payload arrive, whatever their name means elsewhere',
    explain:
      'A hub that copies payloads field by field loses `__proto__` in JavaScript, one that merges a payload into the envelope lets its `type` replace that of the event, and a decoder of classes may act on `$type`. Such names are sent as fields of the payload, nested, and inside of lists.',
  },
  [...everywhere(special.slice(1, -1)), ...everywhere(PROTO)],
);

const DATES = [
  ...['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.600Z', '2026-01-02T03:04:05.678901+02:00', '2026-01-02'],
  ...[
    '2026-02-30',
    '03:04:05',
    'Fri, 02 Jan 2026 03:04:05 GMT',
    '1h2m3s',
    '1767322245',
    '/Date(1767322245000)/',
  ],
];

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

export const nestedValues = roundTripCheck(
  {
    id: 'envelope.nested-values',
    title: 'nested objects, arrays and nulls are kept',
    explain:
      'A hub that decodes payloads into flat string maps, or drops nulls, loses what a producer put into the payload. 20 levels of nesting, mixed arrays, nulls inside, 64 fields, 300 elements, a list with repeated elements, and keys that are empty, numeric, need escaping or differ only in case, and dates in many notations are sent, as fields of the payload, nested, and inside of lists.',
  },
  [
    data('{"a":null,"b":[null,1,"x",true,{"c":null}],"d":{"e":{"f":[[],[[]]]}}}'),
    data('{"":1," ":2,"a.b":3,"ключ":4,"quote\\"d":5,"__proto__x":6}'),
    data('{"status":"a","Status":"b","STATUS":"c","é":1,"É":2,"list":[{"ID":1,"id":2}]}'),
    { payloadText: '{"sagaId":"s","SagaID":"t","message":"m","Message":"n"}' },
    data(`${'{"n":'.repeat(20)}null${'}'.repeat(20)}`),
    data(`${'['.repeat(20)}"deep"${']'.repeat(20)}`),
    data('[true,false,null,"true","null","1"]'),
    // As fields of the payload and in lists: hubs may treat each place in another way.
    ...everywhere(
      JSON.stringify(Object.fromEntries(DATES.map((date, at) => [`at${at}`, date]))).slice(1, -1),
    ),
    data(JSON.stringify(DATES)),
    { payloadText: `{"sagaId":"s","message":"m","items":${JSON.stringify(range(300))}}` },
    { payloadText: `{"sagaId":"s","message":"m","tree":${'{"n":['.repeat(14)}1${']}'.repeat(14)}}` },
    // A list is neither a set nor sorted, and an object of numbered fields is no list.
    data('["test","build","test","Build"]'),
    data('{"0":"first","1":"second"}'),
    data(JSON.stringify(Object.fromEntries(range(64).map((n) => [`field ${n}`, n])))),
    {
      payloadText: JSON.stringify({
        sagaId: 's',
        message: 'm',
        ...Object.fromEntries(range(64).map((n) => [`f${n}`, `${n}`])),
      }),
    },
    data(JSON.stringify(range(300))),
  ],
);

export const numbers = roundTripCheck(
  {
    id: 'envelope.numbers',
    title: 'numbers arrive with their value',
    explain:
      'Counts, sizes and times must not be rounded, turned into strings, or written so that they parse to another double. All numbers sent are exact in a double; their notation may differ.',
  },
  [
    data('[0,1,-1,42,3.5,-0.25,1e3,1E-3,0.1,1.7976931348623157e308,5e-324]'),
    data('[9007199254740991,-9007199254740991,9007199254740992,1700000000000,4294967296,2147483648]'),
    data('{"durationMs":123456789,"ratio":0.30000000000000004,"count":1e21}'),
    {
      type: 'app.scaled',
      payloadText: '{"sagaId":"s","group":"web","count":4294967296,"atMillis":1700000000000,"share":-0.25}',
    },
  ],
);

export const bigIntegers = roundTripCheck(
  {
    id: 'envelope.big-integers',
    title: 'integers beyond 2^53 keep every digit',
    level: 'should',
    isExact: true,
    explain:
      'A hub that decodes payloads into doubles and encodes them again turns 9007199254740993 into 9007199254740992. JavaScript consumers cannot tell the two apart, others can, and identifiers break. A difference is a warning, because JSON leaves precision to its readers.',
  },
  [data('[9007199254740993,-9007199254740993,18446744073709551615]')],
);

export const unknownFields = roundTripCheck(
  {
    id: 'envelope.unknown-fields',
    title: 'unlisted payload fields are kept',
    explain:
      'Producers add fields (index, total, durationMs) before consumers know them. A hub that decodes into a struct of the documented fields drops them.',
  },
  [
    {
      type: 'deploy.step',
      payloadText:
        '{"step":"build","sagaId":"s","status":"running","index":"1","total":"5","durationMs":"1200"}',
    },
    {
      type: 'deploy.completed',
      payloadText: '{"sagaId":"s","imageTag":"v1","commit":"abc","labels":{"team":"core"}}',
    },
    { payloadText: '{"sagaId":"s","message":"m","_meta":"1","$ref":"2","@id":"3","x-y.z":"4","Status":"5"}' },
  ],
);
