// The checks of the chapter measurement: what a hub does where the protocol leaves it free, in numbers. The one that
// may disconnect bystanders comes last.
import type { Check } from '../check.ts';
import { clientBuffer } from './measurement/buffer/client-buffer.ts';
import { burstTolerance } from './measurement/burst-tolerance.ts';
import { inboundLimit, largestMessage } from './measurement/message-sizes.ts';
import { registerRace } from './measurement/register-race.ts';
import { serverPing } from './measurement/server-ping.ts';

export const measurementChecks: readonly Check[] = [
  clientBuffer,
  registerRace,
  inboundLimit,
  largestMessage,
  serverPing,
  burstTolerance,
];
