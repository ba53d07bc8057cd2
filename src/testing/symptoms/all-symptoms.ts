// The symptom of every defect, by the id of the defect.

import { CLIENT_MESSAGE_SYMPTOMS } from './catalogues/client-messages.ts';
import { DELIVERY_SYMPTOMS } from './catalogues/delivery.ts';
import { ENVELOPE_SYMPTOMS } from './catalogues/envelope.ts';
import { HANDSHAKE_SYMPTOMS } from './catalogues/handshake.ts';
import { ILLEGAL_FRAME_SYMPTOMS } from './catalogues/illegal-frames.ts';
import { LIFECYCLE_SYMPTOMS } from './catalogues/lifecycle.ts';
import { MEMBERSHIP_SYMPTOMS } from './catalogues/membership.ts';
import { NO_HUB_SYMPTOMS } from './catalogues/no-hub.ts';
import { ORIGIN_SYMPTOMS } from './catalogues/origin.ts';
import { PING_AND_CLOSE_SYMPTOMS } from './catalogues/pings-and-closes.ts';
import { SLOW_CLIENT_SYMPTOMS } from './catalogues/slow-client.ts';
import { SLOW_CLIENT_HARM_SYMPTOMS } from './catalogues/slow-client-harm.ts';
import { STOP_SYMPTOMS } from './catalogues/stop.ts';
import { UNDER_COMPRESSION_SYMPTOMS } from './catalogues/under-compression.ts';
import type { Symptom } from './symptom.ts';

export const ALL_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  ...DELIVERY_SYMPTOMS,
  ...ENVELOPE_SYMPTOMS,
  ...HANDSHAKE_SYMPTOMS,
  ...CLIENT_MESSAGE_SYMPTOMS,
  ...ILLEGAL_FRAME_SYMPTOMS,
  ...PING_AND_CLOSE_SYMPTOMS,
  ...LIFECYCLE_SYMPTOMS,
  ...MEMBERSHIP_SYMPTOMS,
  ...NO_HUB_SYMPTOMS,
  ...ORIGIN_SYMPTOMS,
  ...SLOW_CLIENT_SYMPTOMS,
  ...SLOW_CLIENT_HARM_SYMPTOMS,
  ...STOP_SYMPTOMS,
  ...UNDER_COMPRESSION_SYMPTOMS,
};
