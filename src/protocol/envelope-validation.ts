// Is a message the envelope that the protocol documents? The JSON Schemas beside this file decide; this file runs
// their validators and turns their answer into one sentence.
import type { ErrorObject } from 'ajv';
import {
  DOCUMENTED_PAYLOAD_FIELDS,
  type DocumentedEventType,
  type Envelope,
  isDocumentedEventType,
} from './envelope.ts';
import { VALIDATORS } from './generated/validators.ts';

export type EnvelopeVerdict =
  | {
      readonly ok: true;
      readonly envelope: Envelope;
      /** False for a type that the protocol does not list: allowed, but worth reporting. */
      readonly isDocumented: boolean;
      /** Payload fields that are not strings: one known consumer drops such events. */
      readonly nonStringFields: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

/** Judges a parsed JSON value (protocol, "Event Envelope" and "Event Types"). */
export function validateEnvelope(value: unknown): EnvelopeVerdict {
  const validateShape = VALIDATORS.envelope;
  if (!validateShape(value)) return { ok: false, problem: describe(validateShape.errors, undefined, value) };
  const envelope = value;
  const { type } = envelope;
  if (isDocumentedEventType(type)) {
    const validate = VALIDATORS[type];
    if (!validate(envelope)) return { ok: false, problem: describe(validate.errors, type, value) };
  }
  return {
    ok: true,
    envelope,
    isDocumented: isDocumentedEventType(type),
    nonStringFields: Object.keys(envelope.payload).filter((key) => typeof envelope.payload[key] !== 'string'),
  };
}

/** Judges the text of one message. */
export function parseEnvelope(text: string): EnvelopeVerdict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: `not one JSON value: ${(error as Error).message}` };
  }
  return validateEnvelope(value);
}

function describe(
  errors: readonly ErrorObject[] | null | undefined,
  type: DocumentedEventType | undefined,
  value: unknown,
): string {
  // The last error is the outermost: for `count` it is the choice, not one of its branches.
  const error = errors?.at(-1);
  if (!error) return 'does not match the schema';
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const rule = type ? ` (${type} needs ${DOCUMENTED_PAYLOAD_FIELDS[type].join(', ')})` : '';
  if (error.keyword === 'required') {
    const field = String(error.params.missingProperty);
    return `${path === '' ? field : `${path}.${field}`} is missing${rule}`;
  }
  if (error.keyword === 'enum') {
    const allowed = (error.params.allowedValues as unknown[]).join(', ');
    return `${path} is ${render(at(value, error.instancePath))}, not one of ${allowed}`;
  }
  if (error.keyword === 'anyOf')
    return `${path} is ${render(at(value, error.instancePath))}, not a whole number or its decimal string`;
  if (path === '') return `the message is ${render(value)}, not an object with type, appId and payload`;
  return `${path} is ${render(at(value, error.instancePath))}: it ${error.message ?? 'breaks the schema'}`;
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

function render(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
