// Random programs: what clients and producers do, in an order that chance chose. A program is a fixture, so that one
// that fails can be kept as a file; every sequence of steps makes one, which lets fast-check leave out any of them.
import fc from 'fast-check';
import type {
  ClientEntry,
  ClientVerb,
  EventsEntry,
  FixtureFile,
} from '../../../fixture/format/fixture-file.ts';
import { CERTAIN_OVERFLOW_EXTRA, HIDDEN_BYTES } from '../../../fixture/judge/model.ts';

export type Step =
  | { readonly kind: 'publish'; readonly count: number; readonly bytes: number }
  | { readonly kind: 'burst'; readonly count: number }
  | { readonly kind: 'client'; readonly client: string; readonly verb: ClientVerb }
  /** It stops reading while so many large events are broadcast as its buffer holds for certain, then reads on. */
  | { readonly kind: 'backlog'; readonly client: string; readonly count: number }
  /** It stops reading while so many large events are broadcast that it overflows for certain. */
  | { readonly kind: 'overflow'; readonly client: string; readonly afterwards: 'read' | 'reset' | 'stay' };

export interface ProgramBounds {
  /** Bytes of a large event: what the hub takes, at most. */
  readonly eventBytes: number;
  readonly clientBufferMessages: number;
}

const CLIENTS = ['a', 'b', 'c'];
const VERBS: readonly ClientVerb[] = ['join', 'stall', 'read', 'leave', 'reset'];
/** Beyond this an overflow takes too long for one step of many. */
const MOST_OVERFLOW_BYTES = 32 * 1_024 * 1_024;

/** Programs of 1 to 10 steps; they shrink to fewer steps and fewer events. */
export function programs(bounds: ProgramBounds): fc.Arbitrary<readonly Step[]> {
  const { eventBytes, clientBufferMessages } = bounds;
  const client = fc.constantFrom(...CLIENTS);
  const publish = fc.record({
    kind: fc.constant('publish' as const),
    count: fc.integer({ min: 1, max: 20 }),
    bytes: fc.constantFrom(0, 0, 1_024, Math.min(16_384, eventBytes)),
  });
  const mostAtOnce = Math.max(2, Math.min(48, Math.floor((clientBufferMessages * 3) / 4)));
  const burst = fc.record({
    kind: fc.constant('burst' as const),
    count: fc.integer({ min: 2, max: mostAtOnce }),
  });
  const backlog = fc.record({
    kind: fc.constant('backlog' as const),
    client,
    count: fc.integer({ min: 1, max: Math.max(1, Math.min(60, clientBufferMessages - 8)) }),
  });
  const overflow = fc.record({
    kind: fc.constant('overflow' as const),
    client,
    afterwards: fc.constantFrom('read' as const, 'reset' as const, 'stay' as const),
  });
  const verb = fc.record({
    kind: fc.constant('client' as const),
    client,
    verb: fc.constantFrom('join' as const, 'join' as const, ...VERBS),
  });
  const canOverflow = overflowEvents(bounds) * eventBytes <= MOST_OVERFLOW_BYTES;
  const step = fc.oneof(
    { weight: 6, arbitrary: verb },
    { weight: 4, arbitrary: publish },
    { weight: 2, arbitrary: burst },
    { weight: 2, arbitrary: backlog },
    ...(canOverflow ? [{ weight: 1, arbitrary: overflow }] : []),
  );
  return fc.array(step, { minLength: 1, maxLength: 10, size: 'max' });
}

function overflowEvents({ eventBytes, clientBufferMessages }: ProgramBounds): number {
  return Math.ceil(HIDDEN_BYTES / eventBytes) + clientBufferMessages + CERTAIN_OVERFLOW_EXTRA + 2;
}

/** The program as a fixture, with one client more that always reads, and one event more at the end. */
export function toFixture(steps: readonly Step[], bounds: ProgramBounds, name: string): FixtureFile {
  const events: EventsEntry[] = [];
  const timelines = new Map<string, { at: string; do: ClientVerb }[]>();
  let published = 0;

  function act(client: string, ...verbs: readonly ClientVerb[]): void {
    const timeline = timelines.get(client) ?? [];
    // Before its first join there is no client that could do anything.
    const known = timeline.length === 0 ? verbs.slice(Math.max(0, verbs.indexOf('join'))) : verbs;
    if (timeline.length === 0 && known[0] !== 'join') return;
    timelines.set(client, [...timeline, ...known.map((verb) => ({ at: `event ${published}`, do: verb }))]);
  }

  function publish(entry: EventsEntry): void {
    events.push(entry);
    published += entry.count ?? 1;
  }

  for (const step of steps) {
    if (step.kind === 'client') act(step.client, step.verb);
    else if (step.kind === 'burst') publish({ count: step.count, burst: true });
    else if (step.kind === 'publish') publish(sized(step.count, step.bytes));
    else {
      act(step.client, 'join', 'stall');
      publish(sized(step.kind === 'backlog' ? step.count : overflowEvents(bounds), bounds.eventBytes));
      const then = step.kind === 'backlog' ? 'read' : step.afterwards;
      if (then !== 'stay') act(step.client, then);
    }
  }
  publish({ count: 1 });
  const clients = [...timelines].map(
    ([client, [first, ...timeline]]): ClientEntry => ({
      name: client,
      joins: first?.at ?? 'event 0',
      ...(timeline.length === 0 ? {} : { timeline }),
    }),
  );
  return {
    name,
    bug: 'a random program ends as the protocol does not allow',
    hub: { clientBuffer: bounds.clientBufferMessages },
    events,
    clients: [{ name: 'witness' }, ...clients],
  };
}

const sized = (count: number, bytes: number): EventsEntry =>
  bytes === 0 ? { count } : { count, size: bytes };
