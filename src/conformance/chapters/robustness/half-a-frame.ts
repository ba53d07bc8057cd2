// The two directions of a connection have nothing to do with each other: who is in the middle of sending still listens.
import { encodeClientFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { fail, pass, warn } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';

export const halfAFrameListens: Check = {
  id: 'robustness.half-a-frame-listens',
  chapter: 'robustness',
  title: 'a client that has sent half a frame still receives events',
  level: 'must',
  clause: {
    source: 'RFC 6455 1.2',
    quote:
      'Once the client and server have both sent their handshakes, and if the handshake was successful, then the data transfer part starts. This is a two-way communication channel where each side can, independently from the other, send data at will.',
  },
  needs: ['broadcast'],
  deadlineMillis: 60_000,
  explain:
    'A frame may arrive in any number of pieces, seconds apart. A hub that reads and writes under one lock holds events back until the rest arrives, or without end. A client sends half of a short text; an event is broadcast and must reach it; then it sends the rest. A hub may refuse data by policy with Close 1003 or 1008: that is a warning.',
  isolation: 'alone',
  async run(lab) {
    const client = await lab.witness();
    const other = await lab.witness();
    const frame = encodeClientFrame(1, 'said slowly, in two halves');
    const middle = frame.length >> 1;
    client.sendPart(frame.subarray(0, middle), 'half a text');
    const [event] = await lab.publish([{}], [other]);
    const hasEvent = () => client.record.sequences.includes(event?.sequence ?? -1);
    if (!(await client.until(hasEvent, 'an event in the middle of sending'))) {
      const breach = {
        expected: 'the event reaches a client that has sent half a frame',
        got: describeState(client),
      };
      // It refuses data by policy, and does so at the first byte.
      const code = client.record.closes[0]?.code;
      return (code === 1003 || code === 1008 ? warn : fail)(breach, basisOf(client));
    }
    client.sendRaw(frame.subarray(middle), 'the other half');
    // Whoever refuses data by policy closes now: that is judged elsewhere, and the Ping waits for it.
    await client.ping('the whole text was sent');
    await lab.fence(client.isOpen ? [client, other] : [other]);
    return pass();
  },
};
