// How a foreign origin is refused: with 403, and without side effects.
import type { Check, Clause } from '../../check.ts';
import { FACTS, fail, listSome, pass, skip, warn } from '../../finding.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import { basisOfAttempts, FOREIGN_ORIGIN, openControl, tryOrigins } from './origin-attempt.ts';
import { findBroadcast, postAsPages } from './posted.ts';

const REFUSAL_CLAUSE: Clause = {
  source: 'RFC 6455 4.2.2',
  quote:
    'If the server does not wish to accept this connection, it MUST return an appropriate HTTP error code (e.g., 403 Forbidden) and abort the WebSocket handshake described in this section.',
};

export const refusedWith403: Check = {
  id: 'origin.refused-with-403',
  chapter: 'origin',
  title: 'a foreign origin is refused with 403',
  level: 'should',
  clause: REFUSAL_CLAUSE,
  needs: [],
  deadlineMillis: 90_000,
  explain:
    'Somebody who configures a dashboard reads the reason in the network log: 403 points to the origin, a dropped connection or another code does not. Another error and a dropped connection are warnings, because RFC 6455 10.7 allows dropping.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    await openControl(lab);
    const attempts = await tryOrigins(lab, [FOREIGN_ORIGIN, 'null', 'http://localhost.evil.example']);
    const others = attempts.filter(({ status }) => status !== 403);
    if (others.length === 0) return pass();
    const got = listSome(others.map(({ text }) => text));
    return warn({ expected: 'HTTP 403', got }, basisOfAttempts(others));
  },
};

const MORE_REFUSED = 40;

export const refusalHasNoEffect: Check = {
  id: 'origin.refusal-has-no-effect',
  chapter: 'origin',
  title: 'a refused page receives nothing, broadcasts nothing, and other clients are unaffected',
  level: 'must',
  clause: { source: 'protocol: Origin Checking', quote: 'Otherwise → rejected' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A hub that registers before it checks, or answers 403 and keeps the socket in the set, keeps writing events to the page that it refused. The check makes a foreign handshake and keeps its connection open, then 40 more: a page can make any number, and a hub that blocks their address locks out its own dashboard. Then a new client must be accepted. 8 events are broadcast; the control client and the new one must receive all of them, and no event may appear on the refused connection. Who may POST events the protocol does not say; but where the hub refuses the JSON of a foreign page and takes that of others, it must do so in every form: as NDJSON, as an array, with other spellings of the media type, in chunks, with a cookie or a token, on a connection that an ordinary producer has used, and from other foreign origins. None of these events may reach a client.',
  isolation: 'shared',
  async run(lab) {
    const control = await openControl(lab);
    const request = encodeHandshake(lab.url, { headers: { Origin: FOREIGN_ORIGIN } });
    const refused = await lab.exchange(request.bytes);
    await tryOrigins(lab, Array<string>(MORE_REFUSED).fill(FOREIGN_ORIGIN));
    const newcomer = await lab.tryConnect();
    if (!newcomer.ok)
      return fail(
        {
          expected: `a client without Origin is accepted after ${MORE_REFUSED + 1} foreign origins were refused`,
          got: newcomer.problem,
        },
        newcomer.kind === 'timeout' ? {} : FACTS,
      );
    await lab.join([newcomer.client]);
    const posted = await postAsPages(lab);
    await lab.publish(
      Array.from({ length: 8 }, () => ({})),
      [control, newcomer.client],
    );
    const broadcast = findBroadcast(posted, [
      ...control.record.sequences,
      ...newcomer.client.record.sequences,
    ]);
    if (broadcast.length > 0)
      return fail(
        {
          expected: `no event of a foreign page reaches a client in any of ${posted.length} forms, since the plainest is refused`,
          got: `these were broadcast: ${listSome(broadcast)}`,
        },
        FACTS,
      );
    if (refused.kind !== 'answer') return pass({ evidence: ['the refused connection was dropped'] });
    const leaked = refused.bytesAfterHead().includes(lab.series.name);
    if (leaked)
      return fail(
        { expected: 'no event on a refused connection', got: 'events of this check arrived on it' },
        FACTS,
      );
    return pass();
  },
};

export const refusalEnds: Check = {
  id: 'origin.refusal-ends',
  chapter: 'origin',
  title: 'a refused connection is closed or answers the next request',
  level: 'should',
  clause: REFUSAL_CLAUSE,
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'HTTP/1.1 may keep the connection for the next request. A hub that answers 403 and then neither reads nor closes leaks a descriptor for every attempt, and any page can make thousands. After the refusal the check sends a plain GET on the same connection: an answer or the end of the connection passes, silence is a warning.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    await openControl(lab);
    const { host, pathname } = new URL(lab.url);
    const refused = await lab.exchange(
      encodeHandshake(lab.url, { headers: { Origin: FOREIGN_ORIGIN } }).bytes,
    );
    if (refused.kind !== 'answer') return pass({ evidence: ['dropped without an answer'] });
    if (refused.response.status === 101)
      return skip('the foreign origin was accepted (see origin.foreign-refused)');
    const { connection, bytesAfterHead } = refused;
    connection.write(Buffer.from(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    const isOver = (): boolean => !connection.isOpen || bytesAfterHead().includes('HTTP/1.');
    if (await lab.until(isOver, 'an answer to a second request, or the end of a refused connection'))
      return pass();
    return warn({
      expected: 'an answer to the next request, or the end',
      got: 'an open, silent connection',
    });
  },
};
