// What two runs do not have in common besides the hub: a reader must know before a ratio is believed.
import type { LoadtestResult } from '../result/result.ts';

const FACTS: readonly (readonly [name: string, read: (result: LoadtestResult) => string])[] = [
  [
    'cohorts',
    ({ plan }) =>
      plan.cohorts.map(({ name, clients, behaviour }) => `${name}=${clients}:${behaviour}`).join(' '),
  ],
  ['scenarios', ({ plan }) => plan.scenarios.join(' ')],
  ['events', ({ plan }) => (plan.ratePerSecond === null ? `${plan.speed}x` : `${plan.ratePerSecond}/s`)],
  ['duration', ({ plan }) => `${plan.durationMs / 1e3} s`],
  ['workers', ({ plan }) => String(plan.workers)],
  ['HTTP load', ({ plan }) => `${plan.httpLoadConnections} connections`],
  ['seed', ({ seed }) => String(seed)],
  ['machine', ({ environment }) => `${environment.cores} x ${environment.cpu}`],
  ['Node', ({ environment }) => environment.node],
  ['norn-loadtest', ({ kit }) => kit.version],
];

export function describeDifferences(a: LoadtestResult, b: LoadtestResult): string[] {
  const differing = FACTS.filter(([, read]) => read(a) !== read(b)).map(
    ([name, read]) => `${name} differ: A ${read(a)}, B ${read(b)}`,
  );
  const ended = (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).flatMap(([side, { partial, stoppedBecause }]) =>
    partial ? [`${side} ended early: ${stoppedBecause ?? 'no reason given'}`] : [],
  );
  return [...differing, ...ended];
}
