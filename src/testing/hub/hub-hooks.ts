// The hooks of the hookable hub: every behavior that a defect may replace, one function each. `createCorrectHooks` is a
// correct hub; a defect replaces as few hooks as it needs.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ReaderRules } from './frame-reader.ts';
import type { HubClient, HubMessage } from './hub-client.ts';

export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

interface PublishAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface HubHooks {
  readonly readerRules: ReaderRules;
  /** Of one client, with what was agreed on. */
  rulesOf(client: HubClient): ReaderRules;

  // The opening handshake.
  /** A TCP connection was accepted; `speak` begins to read HTTP from it. */
  onConnection(socket: Socket, speak: () => void): void;
  /** Why this upgrade request is not a legal handshake on the right path; undefined when it is. */
  refuseHandshake(request: IncomingMessage): Refusal | undefined;
  /** The origin rule; `values` are the Origin headers as they came. */
  isOriginAllowed(values: readonly string[], request: IncomingMessage): boolean;
  acceptKey(key: string): string;
  extraResponseHeaders(request: IncomingMessage): readonly (readonly [name: string, value: string])[];
  /** Puts a client into the set and writes its 101, in the order that makes the hub right or wrong. */
  admit(client: HubClient, writeResponse: () => void, request: IncomingMessage): void;
  /** Handles an upgrade request, from its head to a served client. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;

  // From producer to client.
  /** A parsed and valid broadcast request; resolves with the answer once the events are accepted. */
  publish(texts: readonly string[], request?: IncomingMessage): Promise<PublishAnswer>;
  /** Why this text is not an envelope; undefined when it is. */
  refuseEvent(text: string): string | undefined;
  /** The event as it goes on the wire. */
  encode(text: string): Buffer;
  /** One event to every client; a returned promise holds the run loop. */
  fanOut(message: HubMessage): void | Promise<void>;
  /** One event to one client, whose queue may be full. */
  deliver(client: HubClient, message: HubMessage): void | Promise<void>;
  /** The event that does not fit. */
  overflow(client: HubClient, message: HubMessage): void | Promise<void>;
  /** Ends a client for being slow. */
  evict(client: HubClient): void;
  /** Takes from the queue what is to be written next. */
  takeNext(client: HubClient): Buffer | undefined;
  /** Hands one frame to the kernel; `done` when its last byte was taken. */
  writeFrame(client: HubClient, frame: Buffer, kind: 'message' | 'control', done: () => void): void;
  /** Between two events of the run loop: lets sockets drain, so that a burst does not evict healthy readers. */
  yieldToSockets(): Promise<void>;

  // From client to hub.
  onMessage(client: HubClient, opcode: number, payload: Buffer): void;
  /** `isInsideMessage`: it came between the fragments of a message. */
  onPing(client: HubClient, payload: Buffer, isInsideMessage: boolean): void;
  onPong(client: HubClient): void;
  onClose(client: HubClient, code: number | undefined, isInsideMessage?: boolean): void;
  onViolation(client: HubClient, closeCode: number, reason: string): void;
  /** The client ended its side without a Close. */
  onHalfClose(client: HubClient, isInsideMessage?: boolean): void;
  /** The socket is closed, whatever the reason; called once. */
  onGone(client: HubClient, error: Error | undefined): void;
  /** Every ping interval, for each client. */
  keepAlive(client: HubClient): void;

  // The hub as a whole.
  stats(): Readonly<Record<string, unknown>>;
  /** Whether the hub still takes connections while it stops. */
  readonly listensAfterStop: boolean;
  /** How the process ends after a stop. */
  readonly exitCode: number;
  readonly ignoresInterrupt: boolean;
  /** Closes every client; the listener accepts no new ones by then. */
  stop(): Promise<void>;
}

/** Changes some hooks of one hub. State that a defect needs lives in this function's closure. */
export type HubChange<Hub> = (hub: Hub, correct: HubHooks) => Partial<HubHooks>;
