// Every known-bad hub, class by class. A catalogue is one class of bugs; a defect is one object in it.
import type { Defect } from '../defect.ts';
import { EVENTS_LOST_OR_CHANGED } from './delivery/events-lost-or-changed.ts';
import { MEMBERSHIP } from './delivery/membership.ts';
import { ORDER_AND_REPEATS } from './delivery/order-and-repeats.ts';
import { PLACES_REUSED } from './delivery/places-reused.ts';
import { REGISTERED_LATE } from './delivery/registered-late.ts';
import { FIELDS_LOST_OR_RENAMED } from './envelope/fields-lost-or-renamed.ts';
import { INVALID_EVENTS } from './envelope/invalid-events.ts';
import { VALUES_CHANGED } from './envelope/values-changed.ts';
import { WRONG_MESSAGES } from './envelope/wrong-messages.ts';
import { ILLEGAL_HANDSHAKES_ACCEPTED } from './handshake/illegal-handshakes-accepted.ts';
import { LEGAL_HANDSHAKES_REFUSED } from './handshake/legal-handshakes-refused.ts';
import { UNUSUAL_HANDSHAKES } from './handshake/unusual-handshakes.ts';
import { CLOSING_HANDSHAKE } from './lifecycle/closing-handshake.ts';
import { HEALTHY_CLIENTS_CUT } from './lifecycle/healthy-clients-cut.ts';
import { IDLE_CLIENTS_CUT } from './lifecycle/idle-clients-cut.ts';
import { MEMORY_KEPT } from './lifecycle/memory-kept.ts';
import { STOP } from './lifecycle/stop.ts';
import { NO_HUB } from './no-hub.ts';
import { ALLOWED_ORIGINS_REFUSED } from './origin/allowed-origins-refused.ts';
import { LOOK_ALIKE_ORIGINS_ACCEPTED } from './origin/look-alike-origins-accepted.ts';
import { UNKNOWN_ORIGINS_ACCEPTED } from './origin/unknown-origins-accepted.ts';
import { CLIENT_MESSAGES } from './robustness/client-messages.ts';
import { ILLEGAL_FRAMES_ACCEPTED } from './robustness/illegal-frames-accepted.ts';
import { ONE_CLIENT_ENDS_ALL } from './robustness/one-client-ends-all.ts';
import { PINGS } from './robustness/pings.ts';
import { PINGS_WHEN_BEHIND } from './robustness/pings-when-behind.ts';
import { UNDER_COMPRESSION } from './robustness/under-compression.ts';
import { EVICTED_BUT_CONNECTED } from './slow-client/evicted-but-connected.ts';
import { EVICTION_HARMS_OTHERS } from './slow-client/eviction-harms-others.ts';
import { LIMITS_OF_OTHER_KINDS } from './slow-client/limits-of-other-kinds.ts';
import { ONE_STOPS_ALL } from './slow-client/one-stops-all.ts';
import { QUEUE_LIMITS } from './slow-client/queue-limits.ts';
import { WRONG_LAST_BYTES } from './slow-client/wrong-last-bytes.ts';

interface Catalogue {
  /** Chapter of the suite and class, as the kill matrix shows it. */
  readonly title: string;
  readonly defects: readonly Defect[];
}

export const CATALOGUES: readonly Catalogue[] = [
  { title: 'Origin: unknown origins accepted', defects: UNKNOWN_ORIGINS_ACCEPTED },
  { title: 'Origin: look-alikes accepted', defects: LOOK_ALIKE_ORIGINS_ACCEPTED },
  { title: 'Origin: allowed origins refused', defects: ALLOWED_ORIGINS_REFUSED },
  { title: 'Handshake: illegal requests accepted', defects: ILLEGAL_HANDSHAKES_ACCEPTED },
  { title: 'Handshake: legal requests refused or answered wrongly', defects: LEGAL_HANDSHAKES_REFUSED },
  { title: 'Handshake: unusual requests', defects: UNUSUAL_HANDSHAKES },
  { title: 'Envelope: fields lost or renamed', defects: FIELDS_LOST_OR_RENAMED },
  { title: 'Envelope: values changed', defects: VALUES_CHANGED },
  { title: 'Envelope: wrong messages or frames', defects: WRONG_MESSAGES },
  { title: 'Envelope: invalid events', defects: INVALID_EVENTS },
  { title: 'Delivery: events lost or changed', defects: EVENTS_LOST_OR_CHANGED },
  { title: 'Delivery: order and repeats', defects: ORDER_AND_REPEATS },
  { title: 'Delivery: membership', defects: MEMBERSHIP },
  { title: 'Delivery: places of clients used again', defects: PLACES_REUSED },
  { title: 'Delivery: registered late', defects: REGISTERED_LATE },
  { title: 'Lifecycle: healthy clients cut, dead ones kept', defects: HEALTHY_CLIENTS_CUT },
  { title: 'Lifecycle: idle clients cut', defects: IDLE_CLIENTS_CUT },
  { title: 'Lifecycle: memory and timers kept', defects: MEMORY_KEPT },
  { title: 'Lifecycle: closing handshake and stop', defects: [...CLOSING_HANDSHAKE, ...STOP] },
  { title: 'Robustness: illegal frames accepted', defects: ILLEGAL_FRAMES_ACCEPTED },
  { title: 'Robustness: messages from clients', defects: CLIENT_MESSAGES },
  { title: 'Robustness: under compression', defects: UNDER_COMPRESSION },
  { title: 'Robustness: pings', defects: PINGS },
  { title: 'Robustness: pings of clients that are behind', defects: PINGS_WHEN_BEHIND },
  { title: 'Robustness: one client ends all', defects: ONE_CLIENT_ENDS_ALL },
  { title: 'Slow clients: queue limits', defects: QUEUE_LIMITS },
  { title: 'Slow clients: limits of other kinds', defects: LIMITS_OF_OTHER_KINDS },
  { title: 'Slow clients: evicted but connected', defects: EVICTED_BUT_CONNECTED },
  { title: 'Slow clients: wrong last bytes', defects: WRONG_LAST_BYTES },
  { title: 'Slow clients: one stops all', defects: ONE_STOPS_ALL },
  { title: 'Slow clients: eviction harms others', defects: EVICTION_HARMS_OTHERS },
  { title: 'No hub at all', defects: NO_HUB },
];

export const DEFECTS: readonly Defect[] = CATALOGUES.flatMap(({ defects }) => defects);
