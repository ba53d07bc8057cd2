// The checks of the chapter slow-client: who is disconnected when, how, and what it means for everybody else.
import type { Check } from '../check.ts';
import { depth } from './slow-client/depth.ts';
import { dripDisconnected } from './slow-client/drip.ts';
import { contiguousPrefix, evicted, reallyDisconnected, saysWhy } from './slow-client/eviction.ts';
import { burstSurvives, oneByOneUnharmed, slowButFastEnough } from './slow-client/harm.ts';
import { othersUnharmed, producersUnharmed } from './slow-client/isolation.ts';

export const slowClientChecks: readonly Check[] = [
  evicted,
  contiguousPrefix,
  saysWhy,
  reallyDisconnected,
  dripDisconnected,
  depth,
  othersUnharmed,
  producersUnharmed,
  oneByOneUnharmed,
  burstSurvives,
  slowButFastEnough,
];
