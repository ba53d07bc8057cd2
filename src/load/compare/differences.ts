// What two runs do not have in common besides the hub: a reader must know it to judge a ratio.
import type { LoadtestResult } from '../result/result.ts';

const FACTS: readonly (readonly [title: string, read: (result: LoadtestResult) => string])[] = [
  [
    'cohorts differ',
    ({ plan }) =>
      plan.cohorts
        .map(
          ({ name, clients, behaviour, stages = '' }) =>
            `${name}=${clients}:${behaviour}${stages && ` ${stages}`}`,
        )
        .join(' '),
  ],
  ['scenarios differ', ({ plan }) => plan.scenarios.join(' ')],
  [
    'events differ',
    ({ plan }) =>
      plan.rateStages ?? (plan.ratePerSecond === null ? `${plan.speed}x` : `${plan.ratePerSecond}/s`),
  ],
  ['duration differs', ({ plan }) => `${plan.durationMs / 1e3} s`],
  ['workers differ', ({ plan }) => String(plan.workers)],
  ['agents differ', ({ agents }) => agents?.map(({ name }) => name).join(', ') ?? 'none'],
  ['local addresses differ', ({ plan }) => plan.localAddresses?.join(', ') ?? 'not given'],
  ['client buffer differs', ({ plan }) => `${plan.clientBufferMessages ?? 'not given'}`],
  ['HTTP load differs', ({ plan }) => `${plan.httpLoadConnections} connections`],
  ['faults differ', ({ plan }) => plan.faults?.join(', ') ?? 'none'],
  [
    'reconnecting differs',
    ({ plan }) => plan.cohorts.map(({ name, reconnect }) => `${name}=${reconnect ?? 'no'}`).join(' '),
  ],
  ['seed differs', ({ seed }) => String(seed)],
  ['machine differs', ({ environment }) => `${environment.cores} x ${environment.cpu}`],
  ['Node differs', ({ environment }) => environment.node],
  ['norn-loadtest differs', ({ kit }) => kit.version],
];

export function describeDifferences(a: LoadtestResult, b: LoadtestResult): string[] {
  const differing = FACTS.filter(([, read]) => read(a) !== read(b)).map(
    ([title, read]) => `${title}: A ${read(a)}, B ${read(b)}`,
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
