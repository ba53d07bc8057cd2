// Forms of the request on which correct hubs differ: reported, not judged.
import type { Check } from '../../check.ts';
import { pass } from '../../finding.ts';
import { attemptAll } from './attempt.ts';

export const requestForms: Check = {
  id: 'handshake.request-forms',
  chapter: 'handshake',
  title: 'how the hub answers unusual but harmless requests',
  level: 'info',
  clause: {
    source: 'RFC 6455 4.2.1',
    quote:
      'An HTTP/1.1 or higher GET request, including a "Request-URI" that should be interpreted as a /resource name/',
  },
  needs: [],
  deadlineMillis: 120_000,
  explain:
    'Libraries differ in a query string, a trailing slash, the absolute form of the URI, HTTP/1.0, versions 7 and 8, a list of versions, a key with non-canonical padding bits, and a missing Host. None of these does harm; the answers are listed so that a change of library is noticed.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const { pathname, search, host } = new URL(lab.url);
    const query = `${search === '' ? '?' : `${search}&`}client=norn`;
    const attempts = await attemptAll(lab, [
      { name: 'a query string', change: { requestTarget: `${pathname}${query}` } },
      { name: 'a trailing slash', change: { requestTarget: `${pathname}/${search}` } },
      { name: 'the absolute form', change: { requestTarget: `http://${host}${pathname}${search}` } },
      { name: 'HTTP/1.0', change: { httpVersion: '1.0' } },
      { name: 'no Host', change: { headers: { Host: undefined } } },
      { name: 'version 7', change: { headers: { 'Sec-WebSocket-Version': '7' } } },
      { name: 'version 8', change: { headers: { 'Sec-WebSocket-Version': '8' } } },
      { name: 'version "13, 8"', change: { headers: { 'Sec-WebSocket-Version': '13, 8' } } },
      { name: 'a key with non-canonical bits', change: { key: 'AQIDBAUGBwgJCgsMDQ4PEC==' } },
    ]);
    const accepted = attempts.filter(({ status }) => status === 101).map(({ name }) => name);
    return pass({ measurements: { acceptedRequestForms: { value: accepted.join(', ') || 'none' } } });
  },
};
