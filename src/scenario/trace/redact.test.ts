// What a recorded trace leaves out: the values at the named paths, never their length.
import { expect, it } from 'vitest';
import { parseRedactPath, redact } from './redact.ts';

const ENVELOPE = { type: 'app.restarted', appId: 'shop', payload: { sagaId: 'saga-1', message: 'secret' } };

it.each([
  ['payload.message', { sagaId: 'saga-1', message: 'xxxxxx' }],
  ['payload.*', { sagaId: 'xxxxxx', message: 'xxxxxx' }],
])('%s blanks what it names and keeps the length', (text, payload) => {
  const path = parseRedactPath(text);
  if (!path.ok) throw new Error(path.problem);
  expect(redact(ENVELOPE, [path.value])).toEqual({ ...ENVELOPE, payload });
});
