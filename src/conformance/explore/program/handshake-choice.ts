// The handshake that a program asks for. Pure.
import type { HandshakeChoice } from '../../inputs/handshakes/client-handshake.ts';
import { CLIENT_FACTOR } from '../factors/client-headers.ts';
import type { Factor } from '../factors/factor.ts';
import { ORIGIN_FACTOR } from '../factors/origins.ts';
import {
  ARRIVAL_FACTOR,
  LISTS_FACTOR,
  NAMES_FACTOR,
  ORDER_FACTOR,
  SPACES_FACTOR,
  USED_FACTOR,
} from '../factors/request-form.ts';
import {
  ADDRESS_FACTOR,
  AUTHORIZATION_FACTOR,
  COOKIE_FACTOR,
  MORE_HEADERS_FACTOR,
  OFFER_FACTOR,
  PROXY_FACTOR,
  QUERY_FACTOR,
  SUBPROTOCOL_FACTOR,
} from '../factors/request-headers.ts';
import { factorValue, type Program } from './program.ts';

export function handshakeChoiceOf(program: Program): HandshakeChoice {
  const text = (factor: Factor): string => String(factorValue(program, factor));
  return {
    client: text(CLIENT_FACTOR),
    proxy: text(PROXY_FACTOR),
    cookies: text(COOKIE_FACTOR),
    authorization: text(AUTHORIZATION_FACTOR),
    more: text(MORE_HEADERS_FACTOR),
    origin: text(ORIGIN_FACTOR),
    offer: text(OFFER_FACTOR),
    subprotocol: text(SUBPROTOCOL_FACTOR),
    query: text(QUERY_FACTOR),
    address: text(ADDRESS_FACTOR),
    names: text(NAMES_FACTOR),
    spaces: text(SPACES_FACTOR),
    order: text(ORDER_FACTOR),
    lists: text(LISTS_FACTOR),
    arrival: text(ARRIVAL_FACTOR),
    used: text(USED_FACTOR),
    seed: program.seed,
  };
}
