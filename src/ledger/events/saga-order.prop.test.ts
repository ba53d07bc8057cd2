// Faults of order are seen, and a correct stream is never accused: not after a late join, not beyond the memory.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Envelope } from '../../protocol/envelope.ts';
import { SagaOrder } from './saga-order.ts';

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
function interleave(sagas: readonly Envelope[][], picks: readonly number[]): Envelope[] {
  const left = sagas.map((events) => [...events]);
  const merged: Envelope[] = [];
  for (let turn = 0; left.some((events) => events.length > 0); turn++) {
    const open = left.filter((events) => events.length > 0);
    const next = open[(picks[turn % picks.length] ?? 0) % open.length]?.shift();
    if (next) merged.push(next);
  }
  return merged;
}

const TERMINALS = ['deploy.completed', 'deploy.failed', 'app.restarted'] as const;
const sagas = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...TERMINALS)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((plans) => plans.map(([steps, terminal], index) => saga(`s${index}`, steps, terminal)));
const picks = fc.array(fc.nat(7), { minLength: 1, maxLength: 20 });

function faults(order: SagaOrder, events: readonly Envelope[], isSeenFromStart: boolean): string[] {
  return events.flatMap((one) => order.judge(one, isSeenFromStart) ?? []);
}

describe('the order of sagas', () => {
  it('accuses no correct stream, joined at its start or anywhere', () => {
    fc.assert(
      fc.property(sagas, picks, fc.nat(), (plans, turns, join) => {
        const stream = interleave(plans, turns);
        expect(faults(new SagaOrder(), stream, true)).toEqual([]);
        expect(faults(new SagaOrder(), stream.slice(join % stream.length), false)).toEqual([]);
      }),
    );
  });

  it('accuses no correct stream of more sagas than it remembers, and counts what it forgot', () => {
    fc.assert(
      fc.property(sagas, picks, (plans, turns) => {
        const order = new SagaOrder(2);
        expect(faults(order, interleave(plans, turns), true)).toEqual([]);
        expect(order.forgottenOpenSagas > 0).toBe(hasForgotten(interleave(plans, turns), 2));
      }),
    );
  });

  it('sees every step that ends before it runs', () => {
    fc.assert(
      fc.property(sagas, picks, fc.nat(), (plans, turns, pick) => {
        const stream = interleave(plans, turns);
        const starts = stream.filter(({ payload }) => payload.status === 'running');
        const lost = starts[pick % starts.length];
        const without = stream.filter((one) => one !== lost);
        expect(faults(new SagaOrder(), without, true)).toEqual([
          `step ${lost?.payload.step} of saga ${lost?.payload.sagaId} is complete and was never running`,
        ]);
      }),
    );
  });

  it('sees whatever follows the terminal event, also after a late join', () => {
    fc.assert(
      fc.property(sagas, picks, fc.boolean(), (plans, turns, isSeenFromStart) => {
        const stream = interleave(plans, turns);
        const last = stream.at(-1) as Envelope;
        const sagaId = String(last.payload.sagaId);
        const late = event('deploy.progress', sagaId, { message: 'late' });
        expect(faults(new SagaOrder(), [...stream, late], isSeenFromStart)).toEqual([
          `deploy.progress of saga ${sagaId} after its ${last.type}`,
        ]);
      }),
    );
  });

  it('ignores events outside a saga: functions, scalings, ids that are not strings', () => {
    const order = new SagaOrder();
    const others = [
      event('app.restarted', 's'),
      event('app.scaled', 's', { group: 'web', count: 3 }),
      { type: 'function.completed', appId: 'a', payload: { executionId: 'e', status: 'succeeded' } },
      { type: 'deploy.step', appId: 'a', payload: { sagaId: 5, step: 'x', status: 'complete' } },
    ];
    expect(faults(order, others, true)).toEqual([]);
  });
});

/** Whether a memory of `limit` sagas, oldest out first, loses one that is still open. */
function hasForgotten(stream: readonly Envelope[], limit: number): boolean {
  const held = new Map<string, boolean>();
  for (const { type, payload } of stream) {
    const id = String(payload.sagaId);
    if (!held.has(id) && held.size >= limit) {
      const [oldest] = held;
      if (oldest?.[1] === true) return true;
      held.delete(oldest?.[0] ?? '');
    }
    held.set(id, !(TERMINALS as readonly string[]).includes(type));
  }
  return false;
}
