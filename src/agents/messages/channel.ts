// Numbered messages from one end of a run to the other: each arrives once and in order, or the channel breaks with a reason. The bus may
// lose messages while a connection is made again; a number that is missing shows it, and what was lost is sent again.
import type { Bus, Subscription } from '../nats/bus.ts';
import { type Question, readAgainAnswer, readEnvelope, readQuestion } from './envelope.ts';
import { decodePayload, encodePayload } from './payload.ts';
import { countPieces, describeLong, joinPieces, type LongMessage, pieceBytesFor, pieceOf } from './pieces.ts';

const ASK_DEADLINE_MILLIS = 2_000;
/**
 * Messages and bytes that can be sent again, at most, while the other end has not said that it has them. The data of 100,000 clients
 * is one message of some 100 MB.
 */
const [MAX_KEPT_MESSAGES, MAX_KEPT_BYTES] = [20_000, 512 * 1024 * 1024];

/** What either end says of the channel in its beats. */
export interface ChannelState {
  /** Messages sent so far, and messages of the other end that are here without a gap. */
  readonly sent: number;
  readonly have: number;
}

export interface ChannelParts {
  readonly bus: Bus;
  readonly run: string;
  readonly nowMicros: () => number;
  readonly subjects: {
    readonly out: string;
    readonly in: string;
    /** Where the other end answers, and where this one does. */
    readonly ask: string;
    readonly answer: string;
  };
  readonly onMessage: (body: unknown) => void;
  /** Nothing arrives any more; one sentence. */
  readonly onBroken: (sentence: string) => void;
}

interface Kept {
  readonly payload: Buffer;
  /** The body of a long message. */
  readonly body?: Buffer;
}

export class Channel {
  private readonly parts: ChannelParts;
  private readonly pieceBytes: number;
  private readonly subscriptions: Subscription[];
  private readonly kept = new Map<number, Kept>();
  private keptBytes = 0;
  private sent = 0;
  private have = 0;
  /** Messages that were missing, and have come since. */
  lostMessages = 0;
  private lostUntil = 0;
  private haveAtBeat = -1;
  private isAsking = false;
  private isClosed = false;
  private pulling: Promise<void> | undefined;

  constructor(parts: ChannelParts) {
    this.parts = parts;
    const { bus, subjects } = parts;
    this.pieceBytes = pieceBytesFor(bus.maxPayloadBytes);
    this.subscriptions = [
      bus.subscribe(subjects.in, (payload) => this.receive(payload)),
      bus.subscribe(subjects.answer, (payload) => {
        const question = readQuestion(payload);
        return question && this.answer(question);
      }),
    ];
  }

  state(): ChannelState {
    return { sent: this.sent, have: this.have };
  }

  send(body: unknown): void {
    this.sendEncoded(encodePayload(body));
  }

  /** Several channels may be given the same bytes. */
  sendEncoded(encoded: Buffer): void {
    const { bus, run, nowMicros, subjects } = this.parts;
    const number = ++this.sent;
    const head = { run, number, atMicros: nowMicros() };
    const isLong = encoded.byteLength > this.pieceBytes;
    const payload = isLong
      ? encodePayload({ ...head, long: describeLong(encoded, this.pieceBytes) })
      : Buffer.concat([
          encodePayload(head).subarray(0, -1),
          Buffer.from(',"body":'),
          encoded,
          Buffer.from('}'),
        ]);
    this.keep(number, isLong ? { payload, body: encoded } : { payload });
    bus.publish(subjects.out, payload);
  }

  /** What the other end has said in a beat: it was sent after the messages that it counts. */
  heard({ sent, have }: ChannelState): void {
    for (const [number, { payload, body }] of this.kept) {
      if (number > have) break;
      this.keptBytes -= payload.byteLength + (body?.byteLength ?? 0);
      this.kept.delete(number);
    }
    // One beat may overtake messages on its way; that nothing came until the next shows that they are lost.
    if (sent > this.have && this.have === this.haveAtBeat) this.askAgain(sent);
    this.haveAtBeat = this.have;
  }

  close(): void {
    this.isClosed = true;
    for (const one of this.subscriptions) one.end();
    this.kept.clear();
  }

  private keep(number: number, kept: Kept): void {
    this.keptBytes += kept.payload.byteLength + (kept.body?.byteLength ?? 0);
    this.kept.set(number, kept);
    if (this.kept.size <= MAX_KEPT_MESSAGES && this.keptBytes <= MAX_KEPT_BYTES) return;
    this.break(`${this.kept.size} messages wait to be received by the other end`);
  }

  private receive(payload: Uint8Array): undefined {
    const envelope = readEnvelope(payload);
    if (this.isClosed || envelope?.run !== this.parts.run || envelope.number <= this.have) return;
    // Those after a long message wait until it is here; they are not lost, and are asked for then.
    if (this.pulling !== undefined) this.lostUntil = Math.max(this.lostUntil, envelope.number);
    if (envelope.number > this.have + 1) return void this.askAgain(envelope.number - 1);
    if (this.pulling !== undefined) return;
    if (envelope.long === undefined) this.take(envelope.number, envelope.body);
    else
      this.pulling = this.pull(envelope.number, envelope.long).finally(() => {
        this.pulling = undefined;
      });
  }

  private take(number: number, body: unknown): void {
    this.have = number;
    try {
      this.parts.onMessage(body);
    } catch (error) {
      this.break(`message ${number} of the other end cannot be used: ${(error as Error).message}`);
    }
  }

  private async pull(number: number, long: LongMessage): Promise<void> {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < countPieces(long); at++) {
      const piece = await this.ask({ kind: 'piece', number, at });
      // Beats ask for it again.
      if (piece === undefined || this.isClosed) return;
      if (piece.byteLength === 0 || piece.byteLength > long.pieceBytes) return;
      pieces.push(piece);
    }
    const whole = joinPieces(pieces, long);
    if (whole !== undefined) this.take(number, decodePayload(whole));
  }

  /** Those up to `until` were sent, and are not here. */
  private askAgain(until: number): void {
    if (this.isAsking || this.isClosed || this.pulling !== undefined) return;
    this.isAsking = true;
    this.lostMessages += Math.max(0, until - Math.max(this.lostUntil, this.have));
    this.lostUntil = Math.max(this.lostUntil, until);
    void this.ask({ kind: 'again', from: this.have + 1 }).then((answer) => {
      this.isAsking = false;
      if (answer !== undefined && readAgainAnswer(answer)?.isKept === false)
        this.break('messages were lost that the other end does not keep any more');
    });
  }

  private ask(question: Question): Promise<Uint8Array | undefined> {
    const { bus, subjects } = this.parts;
    return bus.request(subjects.ask, encodePayload(question), ASK_DEADLINE_MILLIS);
  }

  private answer(question: Question): Uint8Array {
    if (question.kind === 'piece') {
      const body = this.kept.get(question.number)?.body;
      return body === undefined ? new Uint8Array() : pieceOf(body, this.pieceBytes, question.at);
    }
    const { bus, subjects } = this.parts;
    const isKept = question.from > this.sent || this.kept.has(question.from);
    if (isKept)
      for (const [number, { payload }] of this.kept)
        if (number >= question.from) bus.publish(subjects.out, payload);
    return encodePayload({ isKept });
  }

  private break(sentence: string): void {
    if (this.isClosed) return;
    this.close();
    this.parts.onBroken(sentence);
  }
}
