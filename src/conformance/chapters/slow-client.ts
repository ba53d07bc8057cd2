// The checks of the chapter slow-client: which client is disconnected when and how, and what the others notice of it.
import type { Check } from '../check.ts';
import { slowButFastEnough } from './slow-client/catching-up.ts';
import { depth } from './slow-client/depth.ts';
import { dripDisconnected } from './slow-client/drip.ts';
import { contiguousPrefix, evicted, reallyDisconnected, saysWhy } from './slow-client/eviction.ts';
import { fastNotDelayed } from './slow-client/fast-not-delayed.ts';
import { burstSurvives, oneByOneUnharmed } from './slow-client/harm.ts';
import { othersUnharmed } from './slow-client/isolation.ts';
import { producersUnharmed } from './slow-client/producers.ts';

export const slowClientChecks: readonly Check[] = [
  evicted,
  contiguousPrefix,
  saysWhy,
  reallyDisconnected,
  dripDisconnected,
  depth,
  othersUnharmed,
  fastNotDelayed,
  producersUnharmed,
  oneByOneUnharmed,
  burstSurvives,
  slowButFastEnough,
];
