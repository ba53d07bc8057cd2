// Values that --out accepts, and the errors for others.
import { describe, expect, it } from 'vitest';
import { parseOut } from './out-option.ts';

describe('--out', () => {
  it.each([
    ['prometheus=:9464', { kind: 'prometheus', host: '127.0.0.1', port: 9_464 }],
    ['prometheus=0', { kind: 'prometheus', host: '127.0.0.1', port: 0 }],
    ['prometheus=[::1]:80', { kind: 'prometheus', host: '::1', port: 80 }],
    ['otlp=http://127.0.0.1:4318', { kind: 'otlp', url: 'http://127.0.0.1:4318' }],
    ['ndjson=a=b.ndjson', { kind: 'ndjson', path: 'a=b.ndjson' }],
  ])('takes %s', (text, value) => {
    expect(parseOut(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['influx=x', 'expected prometheus=[HOST]:PORT, otlp=URL or ndjson=FILE, got "influx=x"'],
    ['ndjson=', 'got "ndjson="'],
    ['prometheus=:99999', 'with a port from 0 to 65535'],
    ['prometheus=here', 'expected [HOST]:PORT'],
    ['otlp=127.0.0.1:4318', 'expected an http or https URL'],
  ])('refuses %s', (text, problem) => {
    expect(parseOut(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});
