// How a connection ends when the client wants it to.
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeClosePayload, encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { FACTS, fail, pass, warn } from '../../finding.ts';
import { MASK } from '../../inputs/mask.ts';
import { describeState } from '../../lab/client/client-state.ts';
import { median } from '../../median.ts';
import { millisOf, type TimedWork, usuallyLate } from '../../timed-work.ts';

interface ClientClose {
  readonly code?: number;
  readonly reason?: string;
  /** Comes after the first of the two fragments of a text, where control frames may be (RFC 6455 5.4). */
  readonly isInsideText?: true;
}

const CLOSES: readonly ClientClose[] = [
  { code: 1000 },
  { code: 1001, reason: 'auf Wiedersehen, à bientôt' },
  { code: 3000 },
  // As long as a control frame can be.
  { code: 4999, reason: 'r'.repeat(123) },
  {},
  { code: 1000, isInsideText: true },
];
const FIRST_FRAGMENT = encodeFrame({
  opcode: OPCODE.text,
  isFinal: false,
  payload: Buffer.from('not the whole'),
  mask: MASK,
});
/** How a Close frame without a code is recorded. */
const NO_CODE = 1_005;
/** A loaded machine answers some late, but not half of them. */
const LATE_MILLIS = 2_000;

export const closeIsAnswered: Check = {
  id: 'lifecycle.close-is-answered',
  chapter: 'lifecycle',
  title: "a client's Close is answered with a Close, and the connection ends",
  level: 'must',
  clause: {
    source: 'RFC 6455 5.5.1',
    quote:
      'If an endpoint receives a Close frame and did not previously send a Close frame, the endpoint MUST send a Close frame in response.',
  },
  needs: [],
  deadlineMillis: 120_000,
  explain:
    'A browser that closes a tab waits for the answer. Closes with codes 1000, 1001, 3000, 4999, without a code, with a reason, and between two fragments of a text are sent; the answer must carry the same code, 1000, or none, and then the server ends the connection; inside a text only that counts. An answer that does not repeat the code is a warning, as RFC 6455 says that it typically does; so is it when half of them take more than two seconds.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const longestMillis = Math.max(lab.settings.waitMillis, 2 * LATE_MILLIS);
    const timed: TimedWork[] = [];
    const changed: string[] = [];
    for (const { code, reason, isInsideText } of CLOSES) {
      const client = await lab.connect();
      const fromMillis = lab.elapsedMillis();
      if (isInsideText) client.sendRaw(FIRST_FRAGMENT, 'the first fragment of a text');
      client.send(OPCODE.close, encodeClosePayload(code, reason));
      const words = code === undefined ? 'a Close without a code' : `Close ${code} ${reason ?? ''}`.trim();
      const sent = isInsideText ? `${words} between two fragments of a text` : words;
      if ((await client.untilClosed(longestMillis)) === undefined) {
        return fail({ expected: `the connection ends after ${sent}`, got: describeState(client) });
      }
      timed.push({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
      // A hub may disconnect whoever sends a text; none may wait for the rest of it.
      if (isInsideText) continue;
      const [answer] = client.record.closes;
      if (!answer)
        return fail({ expected: `a Close in answer to ${sent}`, got: describeState(client) }, FACTS);
      const [fault] = client.record.faults;
      if (fault) return fail({ expected: `a legal Close in answer to ${sent}`, got: fault.problem }, FACTS);
      const allowed = [code ?? NO_CODE, 1000, NO_CODE];
      if (!allowed.includes(answer.code)) {
        return fail(
          { expected: `an answer to ${sent} with that code, 1000, or none`, got: `Close ${answer.code}` },
          FACTS,
        );
      }
      if (code !== undefined && answer.code !== code)
        changed.push(`Close ${code} with ${answer.code === NO_CODE ? 'no code' : answer.code}`);
    }
    const usualMillis = Math.round(median(millisOf(timed)));
    if (usualMillis > LATE_MILLIS)
      return warn(
        {
          expected: `the connection ends within ${LATE_MILLIS} ms of a Close`,
          got: `half of ${timed.length} took ${usualMillis} ms or more`,
        },
        { basis: usuallyLate(timed, usualMillis, LATE_MILLIS) },
      );
    if (changed.length === 0) return pass();
    return warn(
      {
        expected: 'an answer with the code of the Close, which it typically repeats (RFC 6455 5.5.1)',
        got: `the hub answered ${changed.join(', ')}`,
      },
      FACTS,
    );
  },
};

export const halfCloseEnds: Check = {
  id: 'lifecycle.half-close-ends',
  chapter: 'lifecycle',
  title: 'the hub closes the connection of a client that ended its side',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'the client is disconnected and cleaned up' },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'A crashed client leaves a FIN behind and no Close. A hub that never reads from its clients does not notice, and never frees the socket and the buffer. The client ends its side; the hub must end the connection before the deadline of the run.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const client = await lab.connect();
    client.endWriting();
    const end = await client.untilClosed();
    return end
      ? pass()
      : fail({
          expected: 'the hub ends the connection after the FIN of its client',
          got: describeState(client),
        });
  },
};
