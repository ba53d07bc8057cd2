// Symptoms of the known-bad hubs that fail healthy readers: lost events, wrong order, wrong membership.
import { describe } from 'vitest';
import { DELIVERY_SYMPTOMS } from './catalogues/delivery.ts';
import { MEMBERSHIP_SYMPTOMS } from './catalogues/membership.ts';
import { registerSymptomTests } from './register-symptom-tests.ts';

describe('symptoms of known-bad hubs: delivery', () => registerSymptomTests(DELIVERY_SYMPTOMS, 3));
describe('symptoms of known-bad hubs: membership', () => registerSymptomTests(MEMBERSHIP_SYMPTOMS, 3));
