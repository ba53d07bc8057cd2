// Texts that mean something to programs, in many notations: a hub that reads more into a string than its characters, and
// writes what it read, changes them.
import fc from 'fast-check';

const two = (number: number): string => `${number}`.padStart(2, '0');

const offset = fc
  .tuple(fc.constantFrom('+', '-'), fc.nat(14), fc.constantFrom(0, 30, 45))
  .map(([sign, hours, minutes]) => [sign, two(hours), two(minutes)] as const);

/** ISO 8601, RFC 1123 and RFC 850, with and without a fraction, a zone, or a time. */
const date = fc
  .tuple(
    fc.date({ min: new Date('1900-01-01'), max: new Date('2399-12-31'), noInvalidDate: true }),
    offset,
    fc.nat(9),
  )
  .map(([moment, [sign, hours, minutes], form]) => {
    const iso = moment.toISOString();
    const toSeconds = iso.slice(0, 19);
    const notations = [
      iso,
      `${toSeconds}Z`,
      toSeconds,
      `${toSeconds}${sign}${hours}:${minutes}`,
      `${iso.slice(0, 23)}${sign}${hours}${minutes}`,
      `${toSeconds}.${iso.slice(20, 23)}000${sign}${hours}:${minutes}`,
      toSeconds.replace('T', ' '),
      iso.slice(0, 10),
      moment.toUTCString(),
      toSeconds.replaceAll(/[-:]/g, ''),
    ];
    return notations[form] as string;
  });

const digits = fc.stringMatching(/^[0-9]{1,20}$/);
const numeral = fc
  .tuple(
    fc.constantFrom('', '', '-', '+', '0', '00', '0x', '.', ' '),
    digits,
    fc.constantFrom('', '', '.0', '.50', 'e3', 'E+2', '_000', ',5', 'n', '%', ' '),
  )
  .map((parts) => parts.join(''));

const WORDS = [
  ...[
    'true',
    'false',
    'TRUE',
    'null',
    'NULL',
    'nil',
    'None',
    'undefined',
    'NaN',
    'Infinity',
    'yes',
    'no',
    'on',
  ],
  ...['[]', '{}', '""', '[object Object]', '-0', '~', '*', '.', '..', '/', '\\', '#', '--'],
];

const wrapped = fc
  .tuple(
    fc.constantFrom(...WORDS, 'text', 'a b'),
    fc.constantFrom(
      ' ',
      '\t',
      '\n',
      '\r\n',
      '"',
      "'",
      '`',
      '<b>',
      '&amp;',
      '%20',
      '${',
      '{{',
      '\u00a0',
      '\ufeff',
    ),
  )
  .map(([text, around]) => around + text + around);

const durations = fc
  .tuple(fc.nat(999), fc.constantFrom('ms', 's', 'm30s', ':05', ':05:09', ' days', 'KiB', '%'))
  .map((parts) => parts.join(''));

// Of our own: fc.webUrl lists all characters of Unicode first, for most of a second of every start.
const address = fc
  .tuple(
    fc.domain(),
    fc.stringMatching(/^(\/[a-zA-Z0-9._~%+-]{0,8}){0,3}(\?[a-z]{1,3}=[0-9%+&=]{0,8})?(#[a-z]{1,4})?$/),
  )
  .map(([domain, path]) => `https://${domain}${path}`);

/** A string that some program takes for more than a string. */
export const meaningfulText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: date },
  { weight: 3, arbitrary: numeral },
  { weight: 2, arbitrary: wrapped },
  fc.constantFrom(...WORDS),
  durations,
  fc.uuid().map((id) => (id.charCodeAt(0) % 2 === 0 ? id : id.toUpperCase())),
  fc.oneof(fc.ipV4(), fc.ipV6(), address, fc.emailAddress(), fc.base64String({ maxLength: 40 })),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
  fc.nat(300).map((times) => 'a'.repeat(times)),
);
