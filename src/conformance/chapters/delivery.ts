// The checks of the chapter delivery: who gets what.
import type { Check } from '../check.ts';
import { burstSurvived, floodWithoutGap } from './delivery/burst.ts';
import {
  leaversChangeNothing,
  manyFromOneAddress,
  newcomersWhileBusy,
  nobodyConnected,
  noHistory,
} from './delivery/comings-and-goings.ts';
import { clientTextReachesNobody } from './delivery/listen-only.ts';
import { largeAmongSmall } from './delivery/mixed-sizes.ts';
import { concurrentProducers, everyClientOnceInOrder, manyPacedEvents } from './delivery/order.ts';
import { promptDelivery } from './delivery/prompt.ts';
import { repeatedEvents } from './delivery/repeated.ts';

export const deliveryChecks: readonly Check[] = [
  everyClientOnceInOrder,
  manyPacedEvents,
  concurrentProducers,
  largeAmongSmall,
  repeatedEvents,
  promptDelivery,
  burstSurvived,
  floodWithoutGap,
  noHistory,
  leaversChangeNothing,
  manyFromOneAddress,
  nobodyConnected,
  newcomersWhileBusy,
  clientTextReachesNobody,
];
