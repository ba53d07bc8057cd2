// Each way a handshake fails, as the word that results count by and the line that a person reads.
import { describe, expect, it } from 'vitest';
import { describeAnswer, describeEnd, describeMalformed } from './describe-failure.ts';
import { causeOfDial } from './failure-cause.ts';

const URL = 'ws://h/ws';

function answer(status: number, body = '', headers: Record<string, string> = {}, secrets: string[] = []) {
  const fault = status === 101 ? 'a subprotocol nobody offered: x' : `HTTP ${status} instead of 101`;
  return describeAnswer(
    { url: `${URL}?t=tok`, shownUrl: URL, secrets },
    { status, headers },
    fault,
    Buffer.from(body),
  );
}

describe('an answer that is no upgrade', () => {
  it('is counted by its status, with the first lines of its body', () => {
    expect(answer(429, 'slow down\n\nretry in 5 s\n')).toEqual({
      cause: '429',
      problem: 'ws://h/ws answered HTTP 429 instead of 101: "slow down / retry in 5 s"',
    });
    expect(answer(401)).toEqual({
      cause: '401',
      problem:
        'ws://h/ws answered HTTP 401 instead of 101 (has the client the token, cookie or origin that it wants?)',
    });
    expect(answer(101).cause).toBe('subprotocol');
  });

  it('hides what it repeats of the client, and keeps its power over a terminal and its length to itself', () => {
    expect(answer(403, 'no token t-1 \u001b[31m\u202e\u0000!', {}, ['t-1']).problem).toMatch(
      /"no token \*\*\* \[31m !"$/,
    );
    expect(answer(503, 'x'.repeat(5_000)).problem.length).toBeLessThan(250);
  });

  it('quotes the text of a page, not its markup, and nothing of a compressed one', () => {
    const page =
      '<html>\r\n<head><title>502 Bad Gateway</title><style>a{}</style></head>\r\n<body><hr><center>nginx</center>';
    expect(answer(502, page, { 'content-type': 'text/html' }).problem).toMatch(/"502 Bad Gateway \/ nginx"$/);
    expect(answer(502, '\u001f\u008b', { 'content-encoding': 'gzip' }).problem).toMatch(/101$/);
    expect(
      answer(502, '5\r\nupstr\r\n3\r\neam\r\n0\r\n\r\n', { 'transfer-encoding': 'chunked' }).problem,
    ).toMatch(/"upstream"$/);
  });

  it('is a redirect where it names another place', () => {
    expect(answer(302, '', { location: 'https://h/login?t=tok' }, ['tok'])).toEqual({
      cause: 'redirect',
      problem:
        'ws://h/ws answered HTTP 302 instead of 101, a redirect to https://h/login?t=*** (no client follows it: connect to the URL of the hub itself)',
    });
    expect(answer(304).cause).toBe('304');
  });
});

describe('no answer', () => {
  it.each([
    [{ kind: 'error', code: 'ECONNREFUSED' }, 'refused'],
    [{ kind: 'reset', code: 'ECONNRESET' }, 'reset'],
    [{ kind: 'fin' }, 'reset'],
    [{ kind: 'error', code: 'EHOSTUNREACH' }, 'unreachable'],
    [{ kind: 'error', code: 'EADDRNOTAVAIL' }, 'local'],
    [{ kind: 'error', code: 'CERT_HAS_EXPIRED', problem: 'its certificate has expired' }, 'tls'],
    [{ kind: 'error', code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', problem: 'no HTTP/1.1' }, 'http2'],
  ] as const)('of %j is counted as %s', (end, cause) => {
    expect(describeEnd(URL, end).cause).toBe(cause);
  });

  it('is not the doing of a hub where this machine lacks a port or a descriptor', () => {
    expect(describeEnd(URL, { kind: 'error', code: 'EADDRNOTAVAIL' }).problem).toBe(
      'this machine has no such local address, or no local port left, to connect to ws://h/ws (EADDRNOTAVAIL)',
    );
    expect(describeEnd(URL, { kind: 'error', code: 'EMFILE' }).problem).toBe(
      'this machine has no descriptor left in this process to connect to ws://h/ws (EMFILE)',
    );
  });

  it('tells a name that is not known from a machine without descriptors', () => {
    expect(causeOfDial(Object.assign(new Error(), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }))).toBe(
      'dns',
    );
    expect(causeOfDial(Object.assign(new Error(), { code: 'EMFILE' }))).toBe('local');
  });
});

it('names a server that speaks HTTP/2', () => {
  const settings = Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]);
  const problem = expect.stringMatching(
    /^ws:\/\/h\/ws answered with HTTP\/2, and a WebSocket needs HTTP\/1\.1/,
  );
  expect(describeMalformed(URL, settings, 'not HTTP')).toEqual({ kind: 'refused', cause: 'http2', problem });
  expect(describeMalformed(URL, Buffer.from('HTTP/2 403\r\n\r\n'), 'x').cause).toBe('http2');
  expect(describeMalformed(URL, Buffer.from('SSH-2.0-OpenSSH'), 'not HTTP')).toEqual({
    kind: 'refused',
    cause: 'handshake',
    problem: 'ws://h/ws answered with not HTTP',
  });
});
