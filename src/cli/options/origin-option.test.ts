// Which origins may be listed: those that a client can send as they are.
import { describe, expect, it } from 'vitest';
import { parseOrigin } from './origin-option.ts';

const problemOf = (text: string): string => {
  const read = parseOrigin(text);
  return read.ok ? '' : read.problem;
};

describe('parseOrigin', () => {
  it.each([
    'https://dash.example.com',
    'http://localhost:5173',
    'https://dash.example.com:8443',
    'http://[::1]:3000',
    'capacitor://localhost',
    'chrome-extension://abcdef',
    'null',
  ])('takes %s', (origin) => {
    expect(parseOrigin(origin)).toEqual({ ok: true, value: origin });
  });

  it.each([
    ['localhost', 'https://localhost'],
    ['localhost:3000', 'https://localhost:3000'],
    ['dash.example.com', 'https://dash.example.com'],
    ['https://dash.example.com/', 'https://dash.example.com'],
    ['https://dash.example.com/app?x', 'https://dash.example.com'],
    ['https://Dash.Example.com', 'https://dash.example.com'],
    ['https://dash.example.com:443', 'https://dash.example.com'],
    ['HTTP://localhost', 'http://localhost'],
  ])('refuses %s, which no browser sends, and names %s', (origin, instead) => {
    expect(problemOf(origin)).toContain(`write ${instead} instead; got "${origin}"`);
  });

  it.each([
    ['*', 'without wildcards'],
    ['https://*.example.com', 'without wildcards'],
    ['', 'such as https://dash.example.com'],
    ['https://', 'such as https://dash.example.com'],
    ['two words', 'such as https://dash.example.com'],
  ])('refuses "%s": %s', (origin, problem) => {
    expect(problemOf(origin)).toContain(problem);
  });
});
