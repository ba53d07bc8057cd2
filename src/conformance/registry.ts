// Every check of the suite, in the order of the reports: chapter by chapter.

import { deliveryChecks } from './chapters/delivery.ts';
import { envelopeChecks } from './chapters/envelope.ts';
import { handshakeChecks } from './chapters/handshake.ts';
import { lifecycleChecks } from './chapters/lifecycle.ts';
import { measurementChecks } from './chapters/measurement.ts';
import { modelChecks } from './chapters/model.ts';
import { originChecks } from './chapters/origin.ts';
import { robustnessChecks } from './chapters/robustness.ts';
import { slowClientChecks } from './chapters/slow-client.ts';
import type { Check } from './check.ts';

export const CHECKS: readonly Check[] = [
  ...handshakeChecks,
  ...originChecks,
  ...envelopeChecks,
  ...deliveryChecks,
  ...slowClientChecks,
  ...lifecycleChecks,
  ...robustnessChecks,
  ...modelChecks,
  ...measurementChecks,
];
