// The checks of the chapter robustness: illegal, unusual and hostile clients.
import type { Check } from '../check.ts';
import { badCloseCodes } from './robustness/bad-closes.ts';
import { badCompressedText, badText } from './robustness/bad-text.ts';
import { endlessFragments } from './robustness/endless-fragments.ts';
import { generatedMessages } from './robustness/generated-messages.ts';
import { halfAFrameListens } from './robustness/half-a-frame.ts';
import { garbage, hugeLength } from './robustness/hostile.ts';
import {
  badContinuations,
  badControlFrames,
  reservedBits,
  reservedOpcodes,
  unmasked,
} from './robustness/illegal-frames.ts';
import { manyDials } from './robustness/many-dials.ts';
import { oddButLegal } from './robustness/odd-but-legal.ts';
import { pingInsideMessage } from './robustness/pings/ping-inside.ts';
import { pingsAnswered } from './robustness/pings/pings-answered.ts';
import { pingsUnderLoad } from './robustness/pings/two-writers.ts';
import { takesTexts } from './robustness/takes-texts.ts';

export const robustnessChecks: readonly Check[] = [
  unmasked,
  reservedBits,
  reservedOpcodes,
  badControlFrames,
  badContinuations,
  oddButLegal,
  generatedMessages,
  pingInsideMessage,
  halfAFrameListens,
  pingsAnswered,
  pingsUnderLoad,
  takesTexts,
  hugeLength,
  endlessFragments,
  badText,
  badCompressedText,
  badCloseCodes,
  garbage,
  manyDials,
];
