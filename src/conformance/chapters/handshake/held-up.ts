// Connections that never become clients, and what others notice of them: nothing.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { dialBreach, findLateDial } from '../../lab/client/timed-dial.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import { waitedInVain } from '../../timed-work.ts';

/** Connections that send nothing, and as many that send half a request. */
const EACH = 8;
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
    const timed = { fromMillis, tookMillis: lab.elapsedMillis() - fromMillis };
    const circumstances = `while ${idle.length} connections are in the middle of their handshake`;
    if (!attempt.ok)
      return fail(dialBreach(circumstances, attempt.problem), {
        basis: attempt.kind === 'timeout' ? waitedInVain(timed) : 'facts',
      });
    const late = findLateDial(timed, circumstances);
    if (late !== undefined) return late;
    if (lab.abilities.broadcast) await lab.join([attempt.client]);
    return pass();
  },
};
