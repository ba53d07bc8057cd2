// Publishes the events of a program in chunks: of one producer or several, in requests of one event or many, and never
// more at once than a correct hub must bear. Everybody who reads has a chunk before the next one.
import type { EventShape } from '../../../../session/series.ts';
import { writeAs } from '../../../inputs/json-form.ts';
import { type HubSession, MILLIS_PER_MEMBER } from '../hub-session.ts';
import { isListening, type Member } from '../member.ts';
import type { HubRecord, PublishedEvent } from '../recording.ts';

/** Without progress for so long, an event more shows whether anything is missing. */
const FENCE_AFTER_MILLIS = 600;

interface ChunkOptions {
  readonly batch: number;
  readonly producers: number;
  readonly form: string;
}

export interface Publisher {
  readonly published: readonly PublishedEvent[];
  readonly problem: HubRecord['publishProblem'];
  /** Something did not arrive or was not taken: what follows would only repeat it. */
  readonly isStuck: boolean;
  /** Publishes them and waits until everybody who listens has them. */
  publish(shapes: readonly EventShape[], options: ChunkOptions): Promise<void>;
  /** One plain event behind all others. */
  fence(): Promise<void>;
  textOf(sequence: number): string | undefined;
}

/** A server that refuses a larger body before it has read it may cut the connection instead of answering. */
const MOST_UNCUT_BYTES = 512 * 1024;

/** `members`: everybody who may be listening, now and later. */
export function createPublisher(session: HubSession, members: () => Iterable<Member>): Publisher {
  const published: PublishedEvent[] = [];
  const texts = new Map<number, string>();
  let problem: HubRecord['publishProblem'];
  let isStuck = false;
  let unreachable = 0;

  function make(shape: EventShape, producer: number, form: string): { event: PublishedEvent; text: string } {
    const { sequence, text } = session.nextEvent(shape);
    const written = writeAs(form, text);
    texts.set(sequence, written);
    const event = { sequence, producer, sentAtMicros: session.parts.clock.nowMicros(), isAccepted: false };
    published.push(event);
    return { event, text: written };
  }

  function accept(event: PublishedEvent): void {
    event.isAccepted = true;
    event.acceptedAtMicros = session.parts.clock.nowMicros();
  }

  async function send(
    shapes: readonly EventShape[],
    producer: number,
    { batch, form }: ChunkOptions,
  ): Promise<void> {
    for (let at = 0; at < shapes.length && problem === undefined; at += batch) {
      const request = shapes.slice(at, at + batch).map((shape) => make(shape, producer, form));
      const outcome = await session.broadcast(request.map(({ text }) => text));
      const accepted = outcome.ok ? request.length : (outcome.accepted ?? 0);
      for (const { event } of request.slice(0, accepted)) accept(event);
      // A busy server may close a kept connection in the moment in which it is used again: once is chance.
      const isSpared = !outcome.ok && outcome.kind === 'unreachable' && unreachable++ === 0;
      if (!outcome.ok && !isSpared) {
        const { kind, problem: text, status } = outcome;
        const bytes = request.reduce((sum, { text: sent }) => sum + Buffer.byteLength(sent), 0);
        const isCut = kind === 'unreachable' && bytes > MOST_UNCUT_BYTES;
        problem = {
          kind: isCut ? 'refused' : kind,
          problem: text,
          ...(status === undefined ? {} : { status }),
        };
      }
    }
  }

  /** Events from `first` to `last` are at everybody who listens; or a later fence is, and they will not come. */
  async function untilArrived(first: number, last: number, count: number): Promise<void> {
    const waiting = [...members()].filter(isListening);
    const marks = waiting.map(() => -1);
    let [at, fence] = [0, -1];
    const isDone = (index: number): boolean => {
      const member = waiting[index] as Member;
      if (!isListening(member)) return true;
      const record = member.client?.record;
      if (record === undefined) return true;
      // It is owed, too: who has all others may not have it yet.
      if (fence >= 0) return record.lastSequence >= fence;
      if (record.lastSequence < first) return false;
      const seen = record.sequences;
      let mark = marks[index] as number;
      if (mark === -1) mark = seen.length;
      while (mark > 0 && (seen[mark - 1] as number) >= first) mark--;
      marks[index] = mark;
      return seen.length - mark >= count;
    };
    const hasArrived = (): boolean => {
      while (at < waiting.length && isDone(at)) at++;
      return at >= waiting.length;
    };
    const what = `event #${last} at every client`;
    const { waitMillis } = session.parts;
    const deadlineMillis = waitMillis + waiting.length * MILLIS_PER_MEMBER;
    if (
      await session.waiter.until(hasArrived, {
        what,
        deadlineMillis: Math.min(FENCE_AFTER_MILLIS, waitMillis),
      })
    )
      return;
    const { event, text } = make({}, 0, 'compact');
    const outcome = await session.broadcast([text]);
    if (outcome.ok) {
      accept(event);
      [at, fence] = [0, event.sequence];
    }
    if (!(await session.waiter.until(hasArrived, { what, deadlineMillis }))) isStuck = true;
  }

  return {
    published,
    get problem() {
      return problem;
    },
    get isStuck() {
      return isStuck || problem !== undefined;
    },
    async publish(shapes, options) {
      if (isStuck || problem !== undefined || shapes.length === 0) return;
      const first = session.nextSequence;
      const producers = Math.min(options.producers, shapes.length);
      const share = Math.ceil(shapes.length / producers);
      await Promise.all(
        Array.from({ length: producers }, (_, producer) =>
          send(shapes.slice(producer * share, (producer + 1) * share), producer, options),
        ),
      );
      const accepted = published.filter(({ sequence, isAccepted }) => sequence >= first && isAccepted);
      const last = accepted.at(-1)?.sequence;
      if (last !== undefined) await untilArrived(first, last, accepted.length);
    },
    async fence() {
      await this.publish([{}], { batch: 1, producers: 1, form: 'compact' });
    },
    textOf: (sequence) => texts.get(sequence),
  };
}
