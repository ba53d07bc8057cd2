// The checks of the chapter envelope: what events look like on the wire, and that they say what was published.
import type { Check } from '../check.ts';
import { compressedReadable } from './envelope/compressed.ts';
import { generatedEvents } from './envelope/generated.ts';
import { invalidNotBroadcast } from './envelope/invalid.ts';
import { largePayload } from './envelope/large.ts';
import { observedEvents } from './envelope/observed.ts';
import { queuedNotMerged, queuedNotMixed } from './envelope/queued.ts';
import { strangeEventSurvived } from './envelope/strange-events.ts';
import { legalFrames, oneObjectPerMessage, textMessages } from './envelope/text-frames.ts';
import { documentedTypes, extraTopLevelFields, fields, unknownTypes } from './envelope/types.ts';
import {
  bigIntegers,
  emptyValues,
  escapedStrings,
  identifiers,
  nestedValues,
  numbers,
  specialKeys,
  unicodeStrings,
  unknownFields,
} from './envelope/values.ts';

export const envelopeChecks: readonly Check[] = [
  fields,
  oneObjectPerMessage,
  textMessages,
  legalFrames,
  compressedReadable,
  documentedTypes,
  unknownTypes,
  unknownFields,
  unicodeStrings,
  escapedStrings,
  identifiers,
  emptyValues,
  nestedValues,
  specialKeys,
  numbers,
  bigIntegers,
  generatedEvents,
  largePayload,
  queuedNotMerged,
  queuedNotMixed,
  invalidNotBroadcast,
  strangeEventSurvived,
  observedEvents,
  extraTopLevelFields,
];
