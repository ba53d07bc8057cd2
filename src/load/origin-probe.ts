// The origin rule, checked once per run with what browsers can send (protocol, "Origin Checking").
import { openConnection } from '../wire/open-connection.ts';
import type { OriginOutcome } from './result.ts';

const CASES: readonly (readonly [origin: string | null, expected: OriginOutcome['expected']])[] = [
  [null, 'allowed'],
  ['http://localhost:5173', 'allowed'],
  ['http://127.0.0.1:4000', 'allowed'],
  ['http://[::1]:4000', 'allowed'],
  ['https://evil.example', 'refused'],
  ['http://localhost.evil.example', 'refused'],
  ['null', 'refused'],
];
const DEADLINE_MILLIS = 10_000;

/** Dials once with each origin; a connection that opens is reset at once. */
export async function probeOrigins(url: string): Promise<OriginOutcome[]> {
  const outcomes: OriginOutcome[] = [];
  for (const [origin, expected] of CASES) {
    const opened = await openConnection({
      url,
      deadlineMillis: DEADLINE_MILLIS,
      headers: origin === null ? [] : [['Origin', origin]],
      listener: { onBytes() {}, onClosed() {} },
    });
    if (opened.ok) opened.connection.reset();
    const status = opened.ok ? 101 : (opened.response?.status ?? null);
    outcomes.push({ origin, expected, status, ok: opened.ok === (expected === 'allowed') });
  }
  return outcomes;
}
