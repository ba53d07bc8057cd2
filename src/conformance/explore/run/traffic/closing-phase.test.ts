// Whose Pongs are waited for before a program is judged: those of everybody who pinged.
import { describe, expect, it } from 'vitest';
import type { HubSession } from '../hub-session.ts';
import type { Member } from '../member.ts';
import { pingEverybody } from './closing-phase.ts';

const PINGED = Buffer.from('sent in the program');

/** A client that listens and has pinged; without an answer yet. */
function pingingMember(): Member {
  const record = { pongs: [] as { payload: Buffer }[], faults: [], closes: [] };
  const client = { record, isOpen: true, hasLeft: false, isReading: true, sendRaw() {} };
  const member = { client, owedFrom: 0, ping: PINGED, pongsBefore: 0, isClosing: false };
  return member as unknown as Member;
}

function answer({ client, ping: payload = PINGED }: Member): void {
  (client?.record.pongs as unknown as { payload: Buffer }[] | undefined)?.push({ payload });
}

describe('pingEverybody', () => {
  it('waits for the Pong of each client that has pinged, however many these are', async () => {
    const members = Array.from({ length: 60 }, pingingMember);
    const seen: boolean[] = [];
    const session = {
      parts: { waitMillis: 1_000 },
      waiter: {
        async until(holds: () => boolean) {
          for (const member of members.slice(0, -1)) answer(member);
          seen.push(holds());
          answer(members.at(-1) as Member);
          seen.push(holds());
          return true;
        },
      },
    };
    await pingEverybody(session as unknown as HubSession, members);
    expect(seen).toEqual([false, true]);
  });
});
