// How a foreign origin is turned away: with 403, and without consequences.
import type { Check } from '../../check.ts';
import { fail, pass, warn } from '../../finding.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import { FOREIGN_ORIGIN, knockAll, openControl } from './knock.ts';

export const refusedWith403: Check = {
  id: 'origin.refused-with-403',
  chapter: 'origin',
  title: 'a foreign origin is refused with 403',
  level: 'should',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote:
      'If the server does not wish to accept this connection, it MUST return an appropriate HTTP error code (e.g., 403 Forbidden) and abort the WebSocket handshake described in this section.',
  },
  needs: [],
  deadlineMillis: 90_000,
  explain:
    'Whoever configures a dashboard sees in the network log why it does not connect: 403 points to the origin, a dropped connection or another code does not. Another error and a dropped connection are warnings, as RFC 6455 10.7 allows to drop.',
  isolation: 'shared',
  async run(lab) {
    await openControl(lab);
    const knocks = await knockAll(lab, [FOREIGN_ORIGIN, 'null', 'http://localhost.evil.example']);
    const others = knocks.filter(({ status }) => status !== 403);
    if (others.length === 0) return pass();
    return warn({ expected: 'HTTP 403', got: others.map(({ text }) => text).join('; ') });
  },
};

export const refusalHasNoEffect: Check = {
  id: 'origin.refusal-has-no-effect',
  chapter: 'origin',
  title: 'a refused page hears nothing, and nobody else notices',
  level: 'must',
  clause: { source: 'protocol: Origin Checking', quote: 'Otherwise → rejected' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A hub that registers before it checks, or answers 403 and keeps the socket in the set, goes on to write events to the page it refused. A foreign handshake is made and its connection kept open; then 8 events are broadcast: the control client must receive all of them, and on the refused connection no event may appear.',
  isolation: 'shared',
  async run(lab) {
    const control = await openControl(lab);
    const request = encodeHandshake(lab.url, { headers: { Origin: FOREIGN_ORIGIN } });
    const refused = await lab.exchange(request.bytes);
    await lab.publish(
      Array.from({ length: 8 }, () => ({})),
      [control],
    );
    if (refused.kind !== 'answer') return pass({ evidence: ['the refused connection was dropped'] });
    const leaked = refused.bytesAfterHead().includes(lab.series.name);
    if (leaked)
      return fail({
        expected: 'no event on a refused connection',
        got: 'events of this check arrived on it',
      });
    return pass();
  },
};
