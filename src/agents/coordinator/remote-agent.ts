// An agent of a run, as its coordinator sees it: numbered messages to and from its workers, its beats, and whether it is still there.
import type { FromProducer, ProducerSeat } from '../../load/coordinator/rota/producer-messages.ts';
import type { FleetAgent } from '../../load/coordinator/workers/fleet.ts';
import type { WorkerEvents, WorkerLink } from '../../load/coordinator/workers/worker-link.ts';
import type { ToWorker } from '../../load/worker/worker-messages.ts';
import type { Clock } from '../../time/clock.ts';
import { Channel } from '../messages/channel.ts';
import type {
  AgentBeat,
  Announcement,
  CoordinatorBeat,
  ForAgent,
  ForWorkers,
  OfAgent,
  OfWorker,
} from '../messages/messages.ts';
import { encodePayload } from '../messages/payload.ts';
import { readFromProducer } from '../messages/producer-readable.ts';
import { readAgentBeat } from '../messages/readable.ts';
import { subjectsOfAgent } from '../messages/subjects.ts';
import type { Bus, Subscription } from '../nats/bus.ts';
import { LOST_AFTER_MILLIS } from './loss-watch.ts';
import type { EncodeStart } from './shared-start.ts';

export interface RemoteAgentParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly run: string;
  readonly announcement: Announcement;
  readonly firstWorker: number;
  readonly workers: number;
  readonly encodeStart: EncodeStart;
  /** Anything came from it. */
  readonly onHeard: () => void;
  /** Nothing comes from it any more. */
  readonly onGone: (sentence: string) => void;
}

type ProducerEvents = Parameters<ProducerSeat['listen']>[0];

export class RemoteAgent {
  private readonly parts: RemoteAgentParts;
  private readonly channel: Channel;
  private readonly beats: Subscription;
  private readonly events = new Map<number, WorkerEvents>();
  /** Of workers that the run does not know yet. */
  private early: OfWorker[] = [];
  private waiting: ForWorkers[] = [];
  /** What the agent was sent for all of its workers, with the data of all clients. */
  private start: ToWorker | undefined;
  private clockErrorMicros = 0;
  private clockContradictions = 0;
  private heardAtMicros: number;
  private lost: string | undefined;
  private producer: ProducerEvents | undefined;
  private publishedEvents = 0;
  private declinedBecause: string | undefined;
  hasComparedClocks = false;

  constructor(parts: RemoteAgentParts) {
    this.parts = parts;
    this.heardAtMicros = parts.clock.nowMicros();
    const { bus, clock, run, announcement } = parts;
    const own = subjectsOfAgent(run, announcement.id);
    this.channel = new Channel({
      ...{ bus, run, nowMicros: clock.nowMicros },
      subjects: { out: own.toAgent, in: own.fromAgent, ask: own.askAgent, answer: own.askCoordinator },
      onBroken: parts.onGone,
      onMessage: (body) => {
        parts.onHeard();
        for (const one of body as readonly OfAgent[])
          if ('producer' in one) this.takeFromProducer(readFromProducer(one.producer));
          else this.take(one);
      },
    });
    this.beats = bus.subscribe(own.beat, (payload) => {
      const beat = readAgentBeat(payload);
      if (beat) this.takeBeat(beat);
      return undefined;
    });
  }

  get name(): string {
    return this.parts.announcement.name;
  }

  /** `worker` is its number in this agent. */
  openWorker(worker: number, events: WorkerEvents): WorkerLink {
    this.events.set(worker, events);
    // Its pool is not complete yet.
    queueMicrotask(() => {
      const { early, lost } = this;
      this.early = [];
      for (const one of early) this.take(one);
      if (lost !== undefined) events.onEnd(lost, true);
    });
    // Its agent ends it with the run.
    return { post: (message) => this.post(worker, message), kill: () => {} };
  }

  /** As one that publishes in turn. Messages to its producer are sent at once. */
  seat(): ProducerSeat {
    const { announcement, firstWorker, workers } = this.parts;
    return {
      ...{ name: announcement.name, firstWorker, workers },
      isGone: () => this.lost !== undefined,
      mayPublish: () => this.lost === undefined && this.clockContradictions === 0,
      post: (message) => {
        if (this.lost === undefined) this.channel.send([{ producer: message }] satisfies readonly ForAgent[]);
      },
      listen: (events) => {
        this.producer = events;
      },
      published: (events) => {
        this.publishedEvents += events;
      },
      declined: (because) => {
        this.declinedBecause = because;
      },
    };
  }

  beat(): void {
    const { bus, run, announcement } = this.parts;
    const message: CoordinatorBeat = { channel: this.channel.state(), heardMicros: this.heardAtMicros };
    bus.publish(subjectsOfAgent(run, announcement.id).coordinatorBeat, encodePayload(message));
  }

  /** `isSilent`: for so long that it sends nothing any more. */
  lose(sentence: string, isSilent: boolean): void {
    if (this.lost !== undefined) return;
    this.lost = sentence;
    this.close();
    for (const { onEnd } of this.events.values()) onEnd(sentence, true);
    const { producer } = this;
    if (isSilent) producer?.onEnd();
    else this.parts.clock.after(LOST_AFTER_MILLIS, () => producer?.onEnd());
  }

  describe(): FleetAgent {
    const { announcement, clock, firstWorker, workers } = this.parts;
    return {
      name: announcement.name,
      host: announcement.host,
      ...{ firstWorker, workers },
      clockErrorMicros: this.clockErrorMicros,
      clockContradictions: this.clockContradictions,
      lastBeatMillisAgo: (clock.nowMicros() - this.heardAtMicros) / 1e3,
      ...(this.publishedEvents > 0 && { publishedEvents: this.publishedEvents }),
      ...(this.declinedBecause !== undefined && { declinedBecause: this.declinedBecause }),
      resentMessages: this.channel.lostMessages,
      ...(this.lost !== undefined && { lost: this.lost }),
    };
  }

  close(): void {
    this.channel.close();
    this.beats.end();
  }

  private takeBeat({ channel, clock, ended }: AgentBeat): void {
    this.parts.onHeard();
    this.heardAtMicros = this.parts.clock.nowMicros();
    if (ended !== undefined) {
      this.parts.onGone(`it left the run (${ended})`);
      return;
    }
    this.channel.heard(channel);
    if (clock === undefined) return;
    this.hasComparedClocks = true;
    this.clockErrorMicros = Math.max(this.clockErrorMicros, clock.errorMicros);
    this.clockContradictions = clock.contradictions;
  }

  private takeFromProducer(message: FromProducer): void {
    // Until the end of its block it is a little more uncertain than its beats say.
    if (message.kind === 'accepted')
      this.clockErrorMicros = Math.max(this.clockErrorMicros, message.errorMicros);
    this.producer?.onMessage(message);
  }

  private take(one: OfWorker): void {
    const events = this.events.get(one.worker);
    if (events === undefined) this.early.push(one);
    else if ('ended' in one) events.onEnd(`agent ${this.name}: ${one.ended}`);
    else events.onMessage(one.message);
  }

  /** The same message to several workers is sent once. */
  private post(worker: number, message: ToWorker): void {
    if (message.kind === 'start' && message !== this.start) this.sendStart(message);
    if (this.waiting.length === 0) this.parts.clock.after(0, () => this.flush());
    const last = this.waiting.at(-1);
    if (last && 'message' in last && last.message === message)
      this.waiting[this.waiting.length - 1] = { message, workers: [...last.workers, worker] };
    else if (message === this.start) this.waiting.push({ workers: [worker], isSameStart: true });
    else this.waiting.push({ workers: [worker], message });
  }

  private sendStart(start: ToWorker): void {
    this.flush();
    this.start = start;
    if (this.lost === undefined) this.channel.sendEncoded(this.parts.encodeStart(start));
  }

  private flush(): void {
    const { waiting } = this;
    this.waiting = [];
    if (this.lost === undefined && waiting.length > 0) this.channel.send(waiting);
  }
}
