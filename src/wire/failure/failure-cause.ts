// Why a client could not connect, as one word: results count by it, and thresholds name it (`failures{cause=401}`). Pure.
import type { ConnectionEnd, HandshakeResponse } from '../connection.ts';

/**
 * The status of an answer that is no upgrade, such as `401`; or
 * - `redirect`: a status of 301 to 308 with a place to go to
 * - `handshake`: an answer that is not a correct 101
 * - `subprotocol`: the answer chose a subprotocol that was not offered
 * - `http2`: the server speaks HTTP/2 there
 * - `tls`: the TLS handshake failed, on either side
 * - `dns`: the name of the host could not be resolved
 * - `refused`: nothing listens there
 * - `unreachable`: no way to that host
 * - `reset`: the connection ended during the handshake, without an answer
 * - `timeout`: no answer in time
 * - `local`: this machine has no descriptor or port left
 */
export type FailureCause = string;

/** Besides each status; `--threshold` checks a cause against them. */
export const FAILURE_CAUSES: readonly FailureCause[] = [
  ...['redirect', 'handshake', 'subprotocol', 'http2', 'tls', 'dns'],
  ...['refused', 'unreachable', 'reset', 'timeout', 'local'],
];

export function causeOfAnswer({ status, headers }: HandshakeResponse, fault: string): FailureCause {
  if (status === 101) return fault.startsWith('a subprotocol') ? 'subprotocol' : 'handshake';
  const isRedirect = status > 300 && status < 400 && headers.location !== undefined;
  return isRedirect ? 'redirect' : String(status);
}

export function causeOfEnd({ code = '', problem }: ConnectionEnd): FailureCause {
  if (/NO_APPLICATION_PROTOCOL/.test(code)) return 'http2';
  if (problem !== undefined) return 'tls';
  return causeOfCode(code) ?? 'reset';
}

/** Of an error before there was a connection. */
export function causeOfDial({ code = '', syscall }: NodeJS.ErrnoException): FailureCause {
  if (syscall === 'getaddrinfo' || /^(ENOTFOUND|EAI_)/.test(code)) return 'dns';
  return causeOfCode(code) ?? 'unreachable';
}

function causeOfCode(code: string): FailureCause | undefined {
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'refused';
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'EADDRNOTAVAIL') return 'local';
  if (code === 'ETIMEDOUT') return 'timeout';
  return /^E(HOST|NET)(UNREACH|DOWN)$/.test(code) ? 'unreachable' : undefined;
}

/** A SETTINGS frame first (RFC 9113 section 3.4), or a status line of HTTP/2. */
export function isHttp2(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 0, 6) === 'HTTP/2') return true;
  const isSettings = bytes[3] === 4 && bytes.length >= 9 && bytes.readUInt32BE(5) === 0;
  return isSettings && bytes.readUIntBE(0, 3) % 6 === 0;
}

export const HTTP2_PROBLEM =
  'HTTP/2, and a WebSocket needs HTTP/1.1 (RFC 6455 section 4.1): enable HTTP/1.1 there, or use the port that has it';
