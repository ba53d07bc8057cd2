// Closes that RFC 6455 forbids: the connection ends, and the answer does not take them for legal ones.
import { encodeClientFrame, encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { type Breach, FACTS, fail, listSome, pass, warn } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';

const CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];
const withReason = (...reason: readonly number[]): Buffer =>
  Buffer.concat([encodeClosePayload(1_000), Buffer.from(reason)]);

const BAD_CLOSES: readonly (readonly [name: string, body: Buffer])[] = [
  ...CODES.map((code) => [`Close ${code}`, encodeClosePayload(code)] as const),
  ['a Close of one byte', Buffer.from([3])],
  ['a Close with a reason that is not UTF-8', withReason(0xff, 0xfe)],
  ['a Close with a reason that ends inside a character', withReason(0x68, 0xe2, 0x82)],
  ['a Close with half of a surrogate pair in its reason', withReason(0xed, 0xa0, 0x80)],
];

interface Answer {
  readonly breach?: Breach;
  /** What is not strict about the answer. */
  readonly echoed?: string;
  readonly accepted?: string;
}

/** An answer with one of these says that nothing was wrong. */
const saysAllIsWell = (code: number): boolean => code <= 1_001 || code >= 3_000;

async function answerTo(lab: Lab, [name, body]: (typeof BAD_CLOSES)[number]): Promise<Answer> {
  const client = await lab.connect({ isPolite: false });
  client.sendRaw(encodeClientFrame(8, body), name);
  if (!(await client.untilClosed()))
    return { breach: { expected: `the connection ends after ${name}`, got: describeState(client) } };
  if (client.record.faults.length > 0) return { echoed: name };
  const code = client.record.closes[0]?.code;
  return code !== undefined && saysAllIsWell(code) ? { accepted: `${name} with ${code}` } : {};
}

export const badCloseCodes: Check = {
  id: 'robustness.bad-close-codes',
  chapter: 'robustness',
  title: 'a Close that may not be sent ends the connection, and is not answered as a legal one',
  level: 'must',
  clause: { source: 'RFC 6455 7.4.2', quote: 'Status codes in the range 0-999 are not used.' },
  needs: [],
  deadlineMillis: 180_000,
  explain:
    'Codes 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000 and 65535, a body of one byte, and reasons that are not UTF-8. The connection must end, and a witness must keep receiving. An answer that repeats what is forbidden, or says with 1000, 1001 or a code of applications that all is well, is a warning: 1002 or 1007 is right; none, or one without a code, is accepted.',
  isolation: 'alone',
  async run(lab) {
    const witness = lab.abilities.broadcast ? await lab.witness() : undefined;
    const answers = await Promise.all(BAD_CLOSES.map((close) => answerTo(lab, close)));
    const breach = answers.find((answer) => answer.breach)?.breach;
    if (breach !== undefined) return fail(breach);
    if (witness) await lab.fence([witness]);
    const texts = (key: 'echoed' | 'accepted') => answers.flatMap((answer) => answer[key] ?? []);
    const [echoed, accepted] = [texts('echoed'), texts('accepted')];
    const got = [
      ...(echoed.length === 0 ? [] : [`the hub echoed ${listSome(echoed)}`]),
      ...(accepted.length === 0 ? [] : [`the hub answered ${listSome(accepted)}`]),
    ];
    return got.length === 0 ? pass() : warn({ expected: 'Close 1002 or 1007', got: got.join('; ') }, FACTS);
  },
};
