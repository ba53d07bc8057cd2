// Every factor of a program, in the order in which reports name them.
import type { HandshakeChoice } from '../../inputs/handshakes/client-handshake.ts';
import { CLIENT_FACTOR } from './client-headers.ts';
import {
  AFTERWARDS_FACTOR,
  BEFORE_FACTOR,
  CLIENTS_FACTOR,
  JOINS_FACTOR,
  LEAVES_FACTOR,
  READS_FACTOR,
  STALL_FACTOR,
  STALLED_FACTOR,
} from './clients.ts';
import {
  APPS_FACTOR,
  BATCH_FACTOR,
  BYTES_FACTOR,
  CONTENT_FACTOR,
  EVENTS_FACTOR,
  FORM_FACTOR,
  PRODUCERS_FACTOR,
  SILENCE_FACTOR,
  SIZES_FACTOR,
  TYPES_FACTOR,
} from './events.ts';
import type { Factor } from './factor.ts';
import { SENDERS_FACTOR, SENDS_FACTOR, SENDS_WHEN_FACTOR, WRITES_FACTOR } from './messages.ts';
import { ORIGIN_FACTOR } from './origins.ts';
import {
  ARRIVAL_FACTOR,
  LISTS_FACTOR,
  NAMES_FACTOR,
  ORDER_FACTOR,
  SPACES_FACTOR,
  USED_FACTOR,
} from './request-form.ts';
import {
  ADDRESS_FACTOR,
  AUTHORIZATION_FACTOR,
  COOKIE_FACTOR,
  MORE_HEADERS_FACTOR,
  OFFER_FACTOR,
  PROXY_FACTOR,
  QUERY_FACTOR,
  SUBPROTOCOL_FACTOR,
} from './request-headers.ts';

type HandshakePart = Exclude<keyof HandshakeChoice, 'seed'>;

/** The factor that decides about each part of a handshake. */
export const FACTOR_OF_PART: Readonly<Record<HandshakePart, Factor>> = {
  client: CLIENT_FACTOR,
  proxy: PROXY_FACTOR,
  cookies: COOKIE_FACTOR,
  authorization: AUTHORIZATION_FACTOR,
  more: MORE_HEADERS_FACTOR,
  origin: ORIGIN_FACTOR,
  offer: OFFER_FACTOR,
  subprotocol: SUBPROTOCOL_FACTOR,
  query: QUERY_FACTOR,
  address: ADDRESS_FACTOR,
  names: NAMES_FACTOR,
  spaces: SPACES_FACTOR,
  order: ORDER_FACTOR,
  lists: LISTS_FACTOR,
  arrival: ARRIVAL_FACTOR,
  used: USED_FACTOR,
};

/** They stay with a client as long as it is connected. */
export const HANDSHAKE_FACTORS: readonly Factor[] = Object.values(FACTOR_OF_PART);

export const FACTORS: readonly Factor[] = [
  ...HANDSHAKE_FACTORS,
  BEFORE_FACTOR,
  CLIENTS_FACTOR,
  JOINS_FACTOR,
  LEAVES_FACTOR,
  AFTERWARDS_FACTOR,
  READS_FACTOR,
  STALL_FACTOR,
  STALLED_FACTOR,
  SENDS_FACTOR,
  SENDS_WHEN_FACTOR,
  SENDERS_FACTOR,
  WRITES_FACTOR,
  EVENTS_FACTOR,
  BYTES_FACTOR,
  SIZES_FACTOR,
  BATCH_FACTOR,
  PRODUCERS_FACTOR,
  TYPES_FACTOR,
  APPS_FACTOR,
  CONTENT_FACTOR,
  FORM_FACTOR,
  SILENCE_FACTOR,
];
