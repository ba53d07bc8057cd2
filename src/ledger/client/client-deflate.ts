// Compression of one client's stream (RFC 7692), as its hub agreed to it, and what it saved. Without context takeover all
// clients get the same bytes of an event, which are compared as they are; with it each inflates its own stream.
import { createInflater, type Inflater, keepsContext } from '../../wire/deflate.ts';
import { shortestHeaderBytes } from '../../wire/frame-header.ts';
import type { EntryTable } from '../events/entry-table.ts';
import type { FrameSizes } from '../events/frame-sizes.ts';
import { MAX_MESSAGE_BYTES } from '../events/message-assembler.ts';
import type { CompressedBytes } from '../ledger.ts';

export class ClientDeflate {
  /** Messages refer to those before them: equal bytes are not equal events. */
  readonly keepsContext: boolean;
  /** A message that the later ones refer to could not be inflated: nothing after it can be read. */
  isBroken = false;
  private wireBytes = 0;
  private plainBytes = 0;
  private readonly inflater: Inflater;

  /** `answer` is the hub's Sec-WebSocket-Extensions. */
  constructor(answer: string) {
    this.keepsContext = keepsContext(answer);
    this.inflater = createInflater(answer);
  }

  inflate(message: Buffer): Buffer | undefined {
    const plain = this.inflater.inflate(message, MAX_MESSAGE_BYTES);
    if (plain === undefined && this.keepsContext) this.isBroken = true;
    return plain;
  }

  /** A message that was not known: of so many bytes in its frame, which are so many inflated, with this latest event. */
  takeMessage(wireBytes: number, plainBytes: number, sizes: FrameSizes, sequence: number): void {
    this.count(wireBytes, plainBytes);
    sizes.note(sequence, wireBytes + shortestHeaderBytes(wireBytes));
  }

  /** Messages that equal entries of the log. */
  countEntries(table: EntryTable, first: number, end: number): void {
    for (let entry = first; entry < end; entry++)
      this.count(table.payloadBytesOf(entry), table.plainBytesOf(entry));
  }

  private count(wireBytes: number, plainBytes: number): void {
    this.wireBytes += wireBytes + shortestHeaderBytes(wireBytes);
    this.plainBytes += plainBytes + shortestHeaderBytes(plainBytes);
  }

  get bytes(): CompressedBytes {
    return { wireBytes: this.wireBytes, plainBytes: this.plainBytes };
  }
}
