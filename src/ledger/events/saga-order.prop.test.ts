// What a hub reorders in a saga is seen; a stream in the order of its publication is never accused, whatever it holds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Envelope } from '../../protocol/envelope.ts';
import { SagaOrder } from './saga-order.ts';

interface Published {
  readonly envelope: Envelope;
  readonly sequence: number;
}

function event(type: string, sagaId: string, more: Record<string, unknown> = {}): Envelope {
  return { type, appId: 'shop', payload: { sagaId, ...more } };
}

/** A saga whose steps overlap: all running, then all ended, then the terminal event. */
function saga(sagaId: string, stepCount: number, terminal: string): Envelope[] {
  const steps = Array.from({ length: stepCount }, (_, index) => `step-${index}`);
  return [
    ...steps.map((step) => event('deploy.step', sagaId, { step, status: 'running' })),
    event('deploy.progress', sagaId, { message: 'half way' }),
    ...steps.map((step) => event('deploy.step', sagaId, { step, status: 'complete' })),
    event(terminal, sagaId),
  ];
}

/** The sagas' events in one stream, each saga's own order kept; `picks` says whose turn it is. */
function interleave(sagas: readonly Envelope[][], picks: readonly number[]): Published[] {
  const left = sagas.map((events) => [...events]);
  const merged: Envelope[] = [];
  for (let turn = 0; left.some((events) => events.length > 0); turn++) {
    const open = left.filter((events) => events.length > 0);
    const next = open[(picks[turn % picks.length] ?? 0) % open.length]?.shift();
    if (next) merged.push(next);
  }
  return merged.map((envelope, sequence) => ({ envelope, sequence }));
}

const TERMINALS = ['deploy.completed', 'deploy.failed', 'app.restarted'] as const;
const sagas = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...TERMINALS)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((plans) => plans.map(([steps, terminal], index) => saga(`s${index}`, steps, terminal)));
const picks = fc.array(fc.nat(7), { minLength: 1, maxLength: 20 });

function faults(order: SagaOrder, events: readonly Published[]): string[] {
  return events.flatMap(({ envelope, sequence }) => order.judge(envelope, sequence) ?? []);
}

/** The stream as it arrives when the event at `from` arrives right behind the one at `to`. */
function overtaken(stream: readonly Published[], from: number, to: number): Published[] {
  const [late] = stream.slice(from, from + 1);
  if (late === undefined) return [...stream];
  return [...stream.slice(0, from), ...stream.slice(from + 1, to + 1), late, ...stream.slice(to + 1)];
}

describe('the order of sagas', () => {
  it('accuses no stream in the order of its publication, joined or recorded from anywhere, with or without gaps', () => {
    fc.assert(
      fc.property(sagas, picks, fc.nat(), fc.nat(), (plans, turns, start, gap) => {
        const stream = interleave(plans, turns);
        const recorded = stream.slice(start % stream.length);
        const arrived = recorded.filter((_, index) => index % 7 !== gap % 8);
        expect(faults(new SagaOrder(), arrived)).toEqual([]);
      }),
    );
  });

  it('accuses no stream for steps and terminal events that were published in another order than the protocol has', () => {
    fc.assert(
      fc.property(sagas, picks, (plans, turns) => {
        const backwards = plans.map((events) => [...events].reverse());
        expect(faults(new SagaOrder(), interleave(backwards, turns))).toEqual([]);
      }),
    );
  });

  it('accuses nothing beyond its memory', () => {
    fc.assert(
      fc.property(sagas, picks, (plans, turns) => {
        expect(faults(new SagaOrder(2), interleave(plans, turns))).toEqual([]);
      }),
    );
  });

  it('sees every step that arrives as running after its end', () => {
    fc.assert(
      fc.property(sagas, picks, fc.nat(), (plans, turns, pick) => {
        const stream = interleave(plans, turns);
        const starts = stream.filter(({ envelope }) => envelope.payload.status === 'running');
        const late = starts[pick % starts.length] as Published;
        const { sagaId, step } = late.envelope.payload;
        const end = stream.findIndex(
          ({ envelope: { payload } }) =>
            payload.sagaId === sagaId && payload.step === step && payload.status === 'complete',
        );
        expect(faults(new SagaOrder(), overtaken(stream, late.sequence, end))).toEqual([
          `step ${step} of saga ${sagaId} arrived as running after it was complete, and was published before`,
        ]);
      }),
    );
  });

  it('sees whatever arrives after the terminal event and was published before it', () => {
    fc.assert(
      fc.property(sagas, picks, fc.nat(), (plans, turns, pick) => {
        const stream = interleave(plans, turns);
        const others = stream.filter(({ envelope }) => !TERMINALS.some((type) => type === envelope.type));
        const late = others[pick % others.length] as Published;
        const { sagaId } = late.envelope.payload;
        const last = stream.filter(({ envelope }) => envelope.payload.sagaId === sagaId).at(-1) as Published;
        expect(faults(new SagaOrder(), overtaken(stream, late.sequence, last.sequence))).toEqual([
          `${late.envelope.type} of saga ${sagaId} arrived after its ${last.envelope.type}, and was published before it`,
        ]);
      }),
    );
  });

  it('ignores events outside a saga: functions, scalings, ids that are not strings', () => {
    const others = [
      event('app.restarted', 's'),
      event('app.scaled', 's', { group: 'web', count: 3 }),
      { type: 'function.completed', appId: 'a', payload: { executionId: 'e', status: 'succeeded' } },
      { type: 'deploy.step', appId: 'a', payload: { sagaId: 5, step: 'x', status: 'complete' } },
    ];
    const backwards = others.map((envelope, index) => ({ envelope, sequence: others.length - index }));
    expect(faults(new SagaOrder(), backwards.slice(1))).toEqual([]);
  });
});
