// Joins and leaves in every small number, one after the other: lists that are compacted, slots that are used again, counters
// that are not set back and timers that outlive their client go wrong at one of them.
import type { Random } from '../../../../kit/random.ts';
import { encodeClosePayload } from '../../../../wire/frame-writer.ts';
import type { Check } from '../../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../../clauses.ts';
import { type Finding, pass } from '../../../finding.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { findDeliveryBreach } from '../account.ts';

const NUMBERS = [1, 2, 3, 4, 5];
const MOST_AT_ONCE = Math.max(...NUMBERS);
/** So many leave, and then so many join. */
const STEPS = NUMBERS.flatMap((leaving) => NUMBERS.map((joining) => ({ leaving, joining })));
/** After those who left, after those who joined, and a nonce until they have. */
const EVENTS_A_STEP = 3;
const FEWEST_STEPS = 3;

interface Present {
  readonly client: LabClient;
  readonly eventsBefore: number;
}

export const fewComeAndGo: Check = {
  id: 'delivery.few-come-and-go',
  chapter: 'delivery',
  title: 'every event reaches every client once, however few have left and joined before it',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that reuses the place of a client that left, or forgets to remove it, goes wrong only after a certain number: after three have left, the next to join receives every event twice. One to five clients leave, the oldest or the newest, and one to five join, in every combination (fewer where the hub is slow) and a random order, which the seed repeats; an event is broadcast after those who left and after those who joined. Each client must receive exactly what was broadcast while it was there, in order and whole.',
  isolation: 'alone',
  blockedBy: ['delivery.every-client-once-in-order', 'delivery.joined-soon'],
  async run(lab) {
    const [wanted, fewest] = [STEPS.length * EVENTS_A_STEP, FEWEST_STEPS * EVENTS_A_STEP];
    const count = Math.floor(lab.affordable({ wanted, fewest, underWay: 1 }) / EVENTS_A_STEP);
    const order: number[] = [];
    let present = await joinFew(lab, MOST_AT_ONCE + 1, 0);
    const publish = async (): Promise<void> => {
      order.push(await lab.fence(present.map(({ client }) => client)));
    };
    const findBreach = (some: readonly Present[]): Finding | undefined => {
      const found = some.map(({ client, eventsBefore }) =>
        findDeliveryBreach(client, order.slice(eventsBefore)),
      );
      return found.find((breach) => breach !== undefined);
    };
    let step = 'clients join';
    try {
      await publish();
      for (const { leaving, joining } of inRandomOrder(lab.random, STEPS).slice(0, count)) {
        step = `${leaving} leave, then ${joining} join`;
        const missing = leaving + 1 - present.length;
        if (missing > 0) present.push(...(await joinFew(lab, missing, order.length)));
        const leavers = lab.random.between(0, 1) === 0 ? present.slice(0, leaving) : present.slice(-leaving);
        const early = findBreach(leavers);
        if (early !== undefined) return early;
        present = present.filter((each) => !leavers.includes(each));
        await Promise.all(leavers.map(({ client }) => leave(lab.random, client)));
        await publish();
        present.push(...(await joinFew(lab, joining, order.length)));
        await publish();
        const breach = findBreach(present);
        if (breach !== undefined) return breach;
      }
      // What came twice may have come after the last.
      await publish();
      return findBreach(present) ?? pass();
    } finally {
      lab.note(`the last step: ${step}`);
    }
  },
};

async function joinFew(lab: Lab, count: number, eventsBefore: number): Promise<Present[]> {
  return (await lab.witnesses(count)).map((client) => ({ client, eventsBefore }));
}

/** With a Close, whose answer shows that the hub knows, or without a word. */
async function leave(random: Random, client: LabClient): Promise<void> {
  if (random.between(0, 3) === 0) return client.reset();
  client.send(8, encodeClosePayload(1_000));
  await client.untilClosed();
}

function inRandomOrder<T>(random: Random, items: readonly T[]): readonly T[] {
  const keyed = items.map((item) => ({ item, key: random.next() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}
