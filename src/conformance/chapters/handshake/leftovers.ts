// What a refused handshake leaves behind: nothing (a ghost in the set of clients is a leak, and slows every broadcast).
import type { Check } from '../../check.ts';
import { fail, pass, skip } from '../../finding.ts';
import { waitedInVain } from '../../timed-work.ts';
import { attempt } from './attempt.ts';

const REFUSED_HANDSHAKES = 20;

export const refusalLeavesNothing: Check = {
  id: 'handshake.refusal-leaves-nothing',
  chapter: 'handshake',
  title: 'a refused handshake leaves no client behind',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.1',
    quote:
      "the server MUST stop processing the client's handshake and return an HTTP response with an appropriate error code",
  },
  needs: ['stats'],
  deadlineMillis: 60_000,
  explain:
    "A hub that registers the client before it has checked the handshake keeps entries for clients that never connected: each costs a buffer and is evicted much later or never. The check makes 20 handshakes without a key and from a foreign origin, which the hub refuses; the number of clients in the hub's statistics must return to its initial value.",
  isolation: 'alone',
  async run(lab) {
    const before = await lab.target.stats();
    if (before === undefined) return skip('the hub gave no statistics');
    const variants = [
      { name: 'no key', change: { headers: { 'Sec-WebSocket-Key': undefined } } },
      { name: 'a foreign origin', change: { headers: { Origin: 'http://evil.example' } } },
    ];
    for (let round = 0; round < REFUSED_HANDSHAKES / variants.length; round++) {
      for (const variant of variants) await attempt(lab, variant);
    }
    let clients = Number.NaN;
    const fromMillis = lab.elapsedMillis();
    const untilMillis = fromMillis + lab.settings.waitMillis;
    while (lab.elapsedMillis() < untilMillis) {
      clients = (await lab.target.stats())?.clients ?? Number.NaN;
      if (clients <= before.clients) return pass();
      await lab.pause(100);
    }
    return fail(
      {
        expected: `${before.clients} clients, as before ${REFUSED_HANDSHAKES} refused handshakes`,
        got: `${clients} clients`,
      },
      { basis: waitedInVain({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis }) },
    );
  },
};
