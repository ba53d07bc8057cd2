// Every showing, by the id of its defect.
import { DELIVERY_SHOWINGS } from './delivery.ts';
import { ENVELOPE_SHOWINGS } from './envelope.ts';
import { HANDSHAKE_SHOWINGS } from './handshake.ts';
import { INBOUND_SHOWINGS } from './inbound.ts';
import { LIFECYCLE_SHOWINGS } from './lifecycle.ts';
import { MEMBERSHIP_SHOWINGS } from './membership.ts';
import { NO_HUB_SHOWINGS } from './no-hub.ts';
import { ORIGIN_SHOWINGS } from './origin.ts';
import type { Showing } from './scene.ts';
import { SLOW_CLIENT_SHOWINGS } from './slow-client.ts';
import { SLOW_CLIENT_HARM_SHOWINGS } from './slow-client-harm.ts';

export const ALL_SHOWINGS: Readonly<Record<string, Showing>> = {
  ...DELIVERY_SHOWINGS,
  ...ENVELOPE_SHOWINGS,
  ...HANDSHAKE_SHOWINGS,
  ...INBOUND_SHOWINGS,
  ...LIFECYCLE_SHOWINGS,
  ...MEMBERSHIP_SHOWINGS,
  ...NO_HUB_SHOWINGS,
  ...ORIGIN_SHOWINGS,
  ...SLOW_CLIENT_SHOWINGS,
  ...SLOW_CLIENT_HARM_SHOWINGS,
};
