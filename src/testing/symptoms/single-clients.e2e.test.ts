// Symptoms of the known-bad hubs whose defect shows to a single client with little traffic.
import { describe } from 'vitest';
import { CLIENT_MESSAGE_SYMPTOMS } from './catalogues/client-messages.ts';
import { ENVELOPE_SYMPTOMS } from './catalogues/envelope.ts';
import { HANDSHAKE_SYMPTOMS } from './catalogues/handshake.ts';
import { ILLEGAL_FRAME_SYMPTOMS } from './catalogues/illegal-frames.ts';
import { LIFECYCLE_SYMPTOMS } from './catalogues/lifecycle.ts';
import { NO_HUB_SYMPTOMS } from './catalogues/no-hub.ts';
import { ORIGIN_SYMPTOMS } from './catalogues/origin.ts';
import { PING_AND_CLOSE_SYMPTOMS } from './catalogues/pings-and-closes.ts';
import { STOP_SYMPTOMS } from './catalogues/stop.ts';
import { registerSymptomTests } from './register-symptom-tests.ts';

describe('symptoms of known-bad hubs: envelope', () => registerSymptomTests(ENVELOPE_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: handshake', () => registerSymptomTests(HANDSHAKE_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: illegal frames', () => registerSymptomTests(ILLEGAL_FRAME_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: client messages', () =>
  registerSymptomTests(CLIENT_MESSAGE_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: pings and closes', () =>
  registerSymptomTests(PING_AND_CLOSE_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: lifecycle', () => registerSymptomTests(LIFECYCLE_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: stop', () => registerSymptomTests(STOP_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: no hub', () => registerSymptomTests(NO_HUB_SYMPTOMS, 8));
describe('symptoms of known-bad hubs: origin', () => registerSymptomTests(ORIGIN_SYMPTOMS, 8));
