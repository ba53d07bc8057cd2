// Generated payloads through the hub and back: what no list of examples thinks of.
import fc from 'fast-check';
import type { Check } from '../../check.ts';
import { CheckEnded, FACTS, type Finding, fail, pass } from '../../finding.ts';
import { meaningfulText } from '../../inputs/meaningful-text.ts';
import { compareEnvelopes, send } from './round-trip.ts';

const [GENERATED_EVENTS, FEWEST_EVENTS] = [120, 8];
const TIME_LIMIT_MILLIS = 20_000;

// Units of our own: those of fast-check would be listed one by one first, all million, for a second.
const character = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10_ffff }),
  )
  .map((codePoint) => String.fromCodePoint(codePoint));
const text = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: character, maxLength: 40 }) },
  { weight: 3, arbitrary: meaningfulText },
);
const value = fc.oneof(
  fc.jsonValue({ depthSize: 'small', maxDepth: 4 }),
  text,
  fc.array(text, { maxLength: 3 }),
);
// Not the probe's own name; __proto__ is sent by envelope.special-keys, as hubs may refuse it.
const key = fc
  .string({ unit: character, maxLength: 8 })
  .filter((name) => name !== '__proto__' && name !== 'nornProbe');

const golden = fc
  .record({ appId: text, message: text, extra: fc.dictionary(key, value, { maxKeys: 4 }) })
  .map(({ appId, message, extra }) => ({
    appId,
    payloadText: JSON.stringify({ ...extra, sagaId: 'saga-1', message }),
  }));

export const generatedEvents: Check = {
  id: 'envelope.generated',
  chapter: 'envelope',
  title: 'generated events arrive as published',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    '120 events (fewer where the hub is slow) with generated texts, keys and nested values (random characters, and what means something to programs: dates, numbers, identifiers, markup, addresses, in many notations) are published, one at a time, and compared with what arrives. They follow from the seed of the run; a difference is shrunk to the smallest event that shows it. Lone surrogates are not generated: they are not Unicode text, and hubs may replace them. A hub that openly refuses an event which readers of JSON may limit, such as noncharacters, gets a warning.',
  isolation: 'shared',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'own' });
    let last = '';
    let ended: CheckEnded | undefined;
    let refusal: Finding | undefined;
    const property = fc.asyncProperty(golden, async (event) => {
      // An event that never arrives is not shrunk: each attempt would wait for it in vain.
      if (ended !== undefined) return true;
      const received = await send(lab, witness, event).catch((thrown: unknown) => {
        if (!(thrown instanceof CheckEnded)) throw thrown;
        ended = thrown;
      });
      if (received === undefined) return false;
      if ('verdict' in received) {
        refusal ??= received;
        return true;
      }
      const difference = compareEnvelopes(received);
      if (difference === undefined) return true;
      last = `${difference}, for appId ${JSON.stringify(event.appId)} and payload ${event.payloadText}`;
      return false;
    });
    const run = await fc.check(property, {
      seed: lab.settings.seed,
      numRuns: lab.affordable({ wanted: GENERATED_EVENTS, fewest: FEWEST_EVENTS, underWay: 1 }),
      interruptAfterTimeLimit: TIME_LIMIT_MILLIS,
    });
    const evidence = [`${run.numRuns} event${run.numRuns === 1 ? '' : 's'}, seed ${run.seed}`];
    if (ended !== undefined)
      return {
        ...(ended as CheckEnded).finding,
        evidence: [...evidence, JSON.stringify(run.counterexample)],
      };
    if (run.failed)
      return fail({ expected: 'the event as it was published', got: last }, { evidence, ...FACTS });
    return refusal === undefined ? pass({ evidence }) : { ...(refusal as Finding), evidence };
  },
};
