// Events are text messages, each one JSON object, one at a time (protocol: Event Envelope; RFC 6455 5.6).
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';

export const oneObjectPerMessage: Check = {
  id: 'envelope.one-object-per-message',
  chapter: 'envelope',
  title: 'every message is text and holds exactly one JSON object',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Consumers give each message to JSON.parse: a binary message, two objects in one message or a half one is an event lost. 96 events are broadcast, paced, to two clients. Fragmented messages are allowed; white space around the object too.',
  isolation: 'shared',
  async run(lab) {
    const clients = await lab.witnesses(2);
    await lab.publish(
      Array.from({ length: 96 }, () => ({})),
      clients,
    );
    for (const { name, inbox } of clients) {
      const [fault] = inbox.faults;
      if (fault !== undefined)
        return fail({
          expected: 'one JSON object in each text message',
          got: `${fault.problem} (client ${name})`,
        });
    }
    return pass();
  },
};
