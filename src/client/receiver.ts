// What a client hands its bytes to. The ledger implements it; the client knows only this.

export interface Receiver {
  /** Hot: bytes `start` to `end` of a shared buffer, valid only during the call. */
  onBytes(buffer: Buffer, start: number, end: number, nowMicros: number): void;
  /** Before the first byte: the hub agreed to compression, with this Sec-WebSocket-Extensions. */
  onCompression?(answer: string): void;
  /** No more bytes will come. */
  onEnd(): void;
  /** Data messages received so far. */
  readonly receivedMessages: number;
}

/** Receives the control frames of a connection (RFC 6455 section 5.5), with a copy of their payload. */
export interface ControlListener {
  onControl(opcode: 8 | 9 | 10, payload: Buffer): void;
}
