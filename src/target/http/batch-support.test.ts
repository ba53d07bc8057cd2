// The events that show whether a hub takes NDJSON reach every client: they are legal, whoever judges them.
import { expect, it } from 'vitest';
import { parseEnvelope } from '../../protocol/envelope-validation.ts';
import { createBatchSupport } from './batch-support.ts';

it('tries a hub with documented events whose fields are all strings', () => {
  const batches = createBatchSupport('untried');
  const first = batches.nextTrial();
  batches.judgeTrial(first.length, '{"accepted":1}');
  const events = [...first, ...batches.nextTrial()];
  expect(events).toHaveLength(3);
  for (const text of events)
    expect(parseEnvelope(text)).toMatchObject({ ok: true, isDocumented: true, nonStringFields: [] });
});
