// Symptoms of the known-bad hubs that treat clients that do not read wrongly.
import { describe } from 'vitest';
import { SLOW_CLIENT_SYMPTOMS } from './catalogues/slow-client.ts';
import { SLOW_CLIENT_HARM_SYMPTOMS } from './catalogues/slow-client-harm.ts';
import { registerSymptomTests } from './register-symptom-tests.ts';

describe('symptoms of known-bad hubs: slow-client', () => registerSymptomTests(SLOW_CLIENT_SYMPTOMS, 2));
describe('symptoms of known-bad hubs: slow-client-harm', () =>
  registerSymptomTests(SLOW_CLIENT_HARM_SYMPTOMS, 2));
