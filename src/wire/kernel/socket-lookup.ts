// Asks the kernel for single TCP connections (Linux, NETLINK_SOCK_DIAG). The tables of all connections take it tens of
// milliseconds on a machine that has closed thousands of them; this takes microseconds.
import { isIPv6 } from 'node:net';
import { socketAddress } from './socket-address.ts';
import type { SocketCalls } from './socket-calls.ts';
import type { SocketEnds } from './socket-ends.ts';

/** One side of a connection. */
export interface SocketRow {
  /** As in the tables: `01` is established. */
  readonly state: string;
  readonly unacknowledgedBytes: number;
  readonly unreadBytes: number;
}

export interface SocketLookup {
  /**
   * Undefined: there is no such connection, or the kernel has no module for the question. Throws LookupError where it does
   * not answer as expected.
   */
  find(ends: SocketEnds): SocketRow | undefined;
  close(): void;
}

export class LookupError extends Error {
  override readonly name = 'LookupError';
}

// Linux constants; numbers of netlink are in the byte order of the machine, addresses and ports as on the network.
const [AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG] = [16, 3 | 0o2000000, 4];
const [AF_INET, IPPROTO_TCP] = [2, 6];
const [NLMSG_ERROR, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, ENOENT] = [2, 20, 1, 2];
const [HEADER_BYTES, REQUEST_BYTES, ANSWER_BYTES] = [16, 72, 88];
const ANY = 0xffff_ffff;
const LISTEN = 10;
/** More than any answer of one connection. */
const MOST_ANSWER_BYTES = 4_096;

/** Undefined where there is no such socket. The caller closes it. */
export function openSocketLookup(calls: SocketCalls): SocketLookup | undefined {
  const fd = calls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return undefined;
  const answer = Buffer.alloc(MOST_ANSWER_BYTES);
  return {
    find(ends) {
      const request = encodeRequest(ends);
      if (calls.send(fd, request) !== request.length)
        throw new LookupError(`no question: ${calls.lastError()}`);
      // The kernel has answered when it has taken the question.
      const bytes = calls.receive(fd, answer);
      if (bytes < 0) throw new LookupError(`no answer: ${calls.lastError()}`);
      return decodeAnswer(answer.subarray(0, bytes));
    },
    close: () => calls.close(fd),
  };
}

function encodeRequest(ends: SocketEnds): Buffer {
  const [own, other] = ends.split('>').map(nameOf) as [Buffer, Buffer];
  const family = own.readUInt16LE(0);
  const request = Buffer.alloc(REQUEST_BYTES);
  request.writeUInt32LE(REQUEST_BYTES, 0);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  request.writeUInt16LE(NLM_F_REQUEST, 6);
  request[16] = family;
  request[17] = IPPROTO_TCP;
  request.writeUInt32LE(ANY, 20); // every state
  own.copy(request, 24, 2, 4); // ports
  other.copy(request, 26, 2, 4);
  const [from, to] = family === AF_INET ? [4, 8] : [8, 24];
  own.copy(request, 28, from, to);
  other.copy(request, 44, from, to);
  request.writeUInt32LE(ANY, 64); // no cookie
  request.writeUInt32LE(ANY, 68);
  return request;
}

/** `127.0.0.1:8800` as the kernel writes it. */
function nameOf(end: string): Buffer {
  const at = end.lastIndexOf(':');
  const address = end.slice(0, at);
  return socketAddress({ address, family: isIPv6(address) ? 6 : 4 }, Number(end.slice(at + 1)));
}

/** A listener answers where the connection is gone. */
function decodeAnswer(answer: Buffer): SocketRow | undefined {
  const type = answer.length < HEADER_BYTES ? 0 : answer.readUInt16LE(4);
  if (type === NLMSG_ERROR && answer.readInt32LE(HEADER_BYTES) === -ENOENT) return undefined;
  if (type !== SOCK_DIAG_BY_FAMILY || answer.length < ANSWER_BYTES)
    throw new LookupError(`an answer of type ${type} and ${answer.length} bytes`);
  const state = answer[HEADER_BYTES + 1] as number;
  if (state === LISTEN) return undefined;
  return {
    state: state.toString(16).toUpperCase().padStart(2, '0'),
    unreadBytes: answer.readUInt32LE(HEADER_BYTES + 56),
    unacknowledgedBytes: answer.readUInt32LE(HEADER_BYTES + 60),
  };
}
