// Several checks at the same time, each as soon as a lane is free and the checks of its turn that may block it are done.
import type { Check } from '../../check.ts';
import { blockersOf } from './check-order.ts';

export interface SideBySide {
  readonly checks: readonly Check[];
  /** How many run at the same time. */
  readonly lanes: number;
  readonly run: (check: Check) => Promise<void>;
  /** True: no further check begins. */
  readonly isOver: () => boolean;
}

export async function runSideBySide(plan: SideBySide): Promise<void> {
  const ofTurn = (wanted: Check['turn']): Check[] => plan.checks.filter(({ turn }) => turn === wanted);
  await runTurn(ofTurn('quiet'), plan);
  await runTurn(ofTurn(undefined), plan);
}

async function runTurn(checks: readonly Check[], { lanes, run, isOver }: SideBySide): Promise<void> {
  const waiting = [...checks];
  const done = new Set<string>();
  const running = new Set<Promise<void>>();
  const isReady = (check: Check): boolean => blockersOf(check, checks).every(({ id }) => done.has(id));
  while (waiting.length > 0 && !isOver()) {
    const at = running.size < lanes ? waiting.findIndex(isReady) : -1;
    if (at === -1) {
      if (running.size === 0) throw new Error('checks block one another in a circle');
      await Promise.race(running);
      continue;
    }
    const [check] = waiting.splice(at, 1) as [Check];
    const finished = run(check).then(() => {
      done.add(check.id);
      running.delete(finished);
    });
    running.add(finished);
  }
  await Promise.all(running);
}
