// The checks of the chapter delivery: which client receives which event.
import type { Check } from '../check.ts';
import { burstSurvived, floodWithoutGap } from './delivery/burst.ts';
import { leaversChangeNothing } from './delivery/joining/churn.ts';
import { fewComeAndGo } from './delivery/joining/few-come-and-go.ts';
import { joinedSoon } from './delivery/joining/joined-soon.ts';
import { newcomersWhileBusy } from './delivery/joining/newcomers.ts';
import { everyNumberOfClients } from './delivery/joining/one-by-one.ts';
import { clientTextReachesNobody } from './delivery/listen-only.ts';
import { largeAmongSmall } from './delivery/mixed-sizes.ts';
import { nobodyConnected, noHistory } from './delivery/no-replay.ts';
import { concurrentProducers, everyClientOnceInOrder, manyPacedEvents } from './delivery/order.ts';
import { promptDelivery } from './delivery/prompt.ts';
import { repeatedEvents } from './delivery/repeated.ts';
import { producerForms } from './delivery/request-forms.ts';
import { manyFromOneAddress } from './delivery/same-address.ts';

export const deliveryChecks: readonly Check[] = [
  everyClientOnceInOrder,
  manyPacedEvents,
  concurrentProducers,
  largeAmongSmall,
  repeatedEvents,
  promptDelivery,
  burstSurvived,
  floodWithoutGap,
  joinedSoon,
  noHistory,
  leaversChangeNothing,
  manyFromOneAddress,
  everyNumberOfClients,
  fewComeAndGo,
  nobodyConnected,
  newcomersWhileBusy,
  clientTextReachesNobody,
  producerForms,
];
