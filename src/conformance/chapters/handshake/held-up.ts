// Connections that never become clients, and what others notice of them: nothing.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import { oneLate, waitedInVain } from '../../timed-work.ts';

/** Connections that send nothing, and as many that send half a request. */
const EACH = 8;
/** A correct hub answers a handshake in a few milliseconds. */
const MOST_DIAL_MILLIS = 2_000;
/** The half request has arrived before the next client connects. */
const ARRIVAL_MILLIS = 20;

export const heldUpByNobody: Check = {
  id: 'handshake.held-up-by-nobody',
  chapter: 'handshake',
  title: 'connections that send nothing, or half a request, hold up no other client',
  level: 'must',
  clause: {
    source: 'protocol: Connection',
    quote:
      'The dashboard and CLI connect to receive live updates during deploys, restarts, and other operations.',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Browsers open connections in advance, scanners open them and say nothing, and a laptop that goes to sleep leaves half a request. A hub that reads one handshake after the other, or has a few threads for them, lets everybody wait for these. The check opens 8 connections that send nothing and 8 that send half a request; a client that connects then must be accepted within two seconds, and receive an event where the kit can make the hub broadcast.',
  isolation: 'alone',
  async run(lab) {
    const half = encodeHandshake(lab.url).bytes.subarray(0, -4);
    const idle = Array.from({ length: EACH }, () => [new Uint8Array(0), half]).flat();
    await Promise.all(idle.map((bytes) => lab.exchange(bytes, { deadlineMillis: ARRIVAL_MILLIS })));
    const fromMillis = lab.elapsedMillis();
    const attempt = await lab.tryConnect();
    const tookMillis = Math.round(lab.elapsedMillis() - fromMillis);
    const timed = { fromMillis, tookMillis };
    if (!attempt.ok || tookMillis > MOST_DIAL_MILLIS)
      return fail(
        {
          expected: `a client is accepted within ${MOST_DIAL_MILLIS} ms while ${idle.length} connections are in the middle of their handshake`,
          got: attempt.ok ? `its handshake took ${tookMillis} ms` : attempt.problem,
        },
        {
          basis: attempt.ok
            ? oneLate(timed, MOST_DIAL_MILLIS)
            : attempt.kind === 'timeout'
              ? waitedInVain(timed)
              : 'facts',
        },
      );
    const { client } = attempt;
    if (lab.abilities.broadcast) await lab.join([client]);
    return pass();
  },
};
