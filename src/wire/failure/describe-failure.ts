// Why a client could not connect: the cause as one word, and a line for people that says what to do where that is known.
import { hiderOf } from '../../kit/secrets.ts';
import type { ConnectAs, ConnectionEnd, HandshakeResponse, Refusal } from '../connection.ts';
import { causeOfAnswer, causeOfEnd, HTTP2_PROBLEM, isHttp2 } from './failure-cause.ts';
import { firstLines } from './refusal-body.ts';

type Failure = Omit<Refusal, 'ok'>;

/** An answer that is no correct 101, of whose body the first lines are quoted. */
export function describeAnswer(
  { url, shownUrl = url, secrets }: ConnectAs,
  response: HandshakeResponse,
  fault: string,
  body: Buffer,
): Pick<Failure, 'cause' | 'problem'> {
  const cause = causeOfAnswer(response, fault);
  const quoted = response.status === 101 ? undefined : firstLines(response, body);
  const said = hiderOf(secrets)(
    `${fault}${adviceFor(cause, response)}${quoted === undefined ? '' : `: "${quoted}"`}`,
  );
  return { cause, problem: `${shownUrl} answered ${said}` };
}

const MOST_LOCATION_CHARACTERS = 120;

function adviceFor(cause: string, { headers: { location = '' } }: HandshakeResponse): string {
  if (cause === 'redirect')
    return `, a redirect to ${location.slice(0, MOST_LOCATION_CHARACTERS)} (no client follows it: connect to the URL of the hub itself)`;
  if (cause === '401' || cause === '403' || cause === '407')
    return ' (has the client the token, cookie or origin that it wants?)';
  if (cause === '426') return ' (it wants another protocol or version)';
  return '';
}

export function describeMalformed(shownUrl: string, head: Buffer, problem: string): Failure {
  const isH2 = isHttp2(head);
  return {
    kind: 'refused',
    cause: isH2 ? 'http2' : 'handshake',
    problem: `${shownUrl} answered with ${isH2 ? HTTP2_PROBLEM : problem}`,
  };
}

/** The connection ended before there was an answer. */
export function describeEnd(shownUrl: string, end: ConnectionEnd): Failure {
  const isUnreachable = end.problem !== undefined || UNREACHABLE_CODES.has(end.code ?? '');
  return {
    kind: isUnreachable ? 'unreachable' : 'dropped',
    cause: causeOfEnd(end),
    problem: describeProblem(shownUrl, end),
  };
}

function describeProblem(shownUrl: string, end: ConnectionEnd): string {
  if (end.problem !== undefined) return `${shownUrl}: ${end.problem}`;
  if (end.code === 'ECONNREFUSED' || end.code === 'ENOENT')
    return `nothing listens at ${shownUrl} (${end.code})`;
  const missing = MISSING_HERE[end.code ?? ''];
  if (missing !== undefined) return `this machine has no ${missing} to connect to ${shownUrl} (${end.code})`;
  return `${shownUrl} ended the connection during the handshake (${end.code ?? end.kind})`;
}

/** What the other side knows nothing of. */
const MISSING_HERE: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'such local address, or no local port left,',
  EMFILE: 'descriptor left in this process',
  ENFILE: 'descriptor left',
};

const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
]);
