// The documented envelopes pass; each documented field is required; unknown fields and types are allowed.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderValidators } from '../testing/programs/render-validators.ts';
import { DOCUMENTED_EVENT_TYPES, DOCUMENTED_PAYLOAD_FIELDS, type DocumentedEventType } from './envelope.ts';
import { parseEnvelope, validateEnvelope } from './envelope-validation.ts';

function sample(type: DocumentedEventType): {
  type: string;
  appId: string;
  payload: Record<string, unknown>;
} {
  const payload = Object.fromEntries(DOCUMENTED_PAYLOAD_FIELDS[type].map((field) => [field, 'x']));
  if (type === 'deploy.step') payload.status = 'running';
  if (type === 'app.scaled') payload.count = '3';
  return { type, appId: 'shop', payload };
}

describe('validateEnvelope', () => {
  it.each(DOCUMENTED_EVENT_TYPES)('accepts %s with its documented fields', (type) => {
    expect(validateEnvelope(sample(type))).toMatchObject({
      ok: true,
      isDocumented: true,
      nonStringFields: [],
    });
  });

  it.each(
    DOCUMENTED_EVENT_TYPES.flatMap((type) =>
      DOCUMENTED_PAYLOAD_FIELDS[type].map((field) => [type, field] as const),
    ),
  )('names the missing field of %s: %s', (type, field) => {
    const event = sample(type);
    delete event.payload[field];
    const verdict = validateEnvelope(event);
    expect(verdict).toMatchObject({ ok: false });
    expect(verdict.ok ? '' : verdict.problem).toContain(`payload.${field} is missing (${type} needs`);
  });

  it.each([3, 0, '3', '12'])('accepts %j as a count', (count) => {
    const event = sample('app.scaled');
    event.payload.count = count;
    expect(validateEnvelope(event)).toMatchObject({ ok: true });
  });

  it.each([1.5, '3.5', 'many', null, true])('refuses %j as a count', (count) => {
    const event = sample('app.scaled');
    event.payload.count = count;
    expect(validateEnvelope(event)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('payload.count'),
    });
  });

  it('refuses an undocumented step status and lists the documented ones', () => {
    const event = sample('deploy.step');
    event.payload.status = 'done';
    expect(validateEnvelope(event)).toEqual({
      ok: false,
      problem: 'payload.status is "done", not one of running, complete, failed',
    });
  });

  it('allows unknown fields and reports unknown types and non-string values', () => {
    expect(validateEnvelope({ type: 'beacon.event', appId: '', payload: { index: 1 }, at: 5 })).toMatchObject(
      {
        ok: true,
        isDocumented: false,
        nonStringFields: ['index'],
      },
    );
  });

  it.each([
    '[]',
    '3',
    '"x"',
    'null',
    '{"type":"a","appId":"b"}',
    '{"type":"a","appId":"b","payload":[]}',
    '{"type":"a","appId":1,"payload":{}}',
    '{"type":"a"}{"type":"b"}',
    '',
  ])('refuses the message %s', (text) => {
    expect(parseEnvelope(text)).toMatchObject({ ok: false });
  });
});

describe('generated/validators.ts', () => {
  it('is what the schemas say (npm run docs)', () => {
    expect(readFileSync(new URL('./generated/validators.ts', import.meta.url), 'utf8')).toBe(
      renderValidators(),
    );
  });
});
