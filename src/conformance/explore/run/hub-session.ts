// The living hub: programs run on it one after the other, while one client listens all the time and others stay for a
// while. Everything that is published counts for the window of all who are connected.
import { DEFAULT_ALLOWED_ORIGINS } from '../../../protocol/limits.ts';
import { passJoinBarrier } from '../../../session/join-barrier.ts';
import { createSeries, type EventShape, type SeriesEvent } from '../../../session/series.ts';
import { createWaiter, type Waiter } from '../../../session/wait-until.ts';
import { connectAs, FIRST_CLIENT } from '../../../target/identity/client-identity.ts';
import type { BroadcastOutcome, Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';
import { untilAllClosed } from '../../../time/until-all-closed.ts';
import type { ReceiveWindow } from '../../../wire/connection.ts';
import {
  createClientHandshake,
  type HandshakeChoice,
  PLAIN_HANDSHAKE,
} from '../../inputs/handshakes/client-handshake.ts';
import type { Settings } from '../../run/settings.ts';
import type { Wait } from '../../run/starvation/core-waits.ts';
import { createVainWaits } from '../../run/starvation/vain-waits.ts';
import type { CpuWatch } from '../../run/starvation/watch/watch-cpu.ts';
import type { RouteTimes } from '../../run/waits/route-times.ts';
import type { Bounds } from '../program/plan.ts';
import { openExploreClient } from './explore-client.ts';
import { createMember, isConnected, isUnreadable, type Member } from './member.ts';
import { SETTLED_MILLIS } from './replayed-events.ts';
import type { HubUse } from './resource-use.ts';

export interface SessionParts {
  readonly target: Target;
  readonly settings: Settings;
  readonly bounds: Bounds;
  readonly clock: Clock;
  readonly cpu: CpuWatch;
  /** Of all sessions on the hub. */
  readonly route: RouteTimes;
  /** Letters and digits; another one for each session on the same hub. */
  readonly seriesName: string;
  readonly signal: AbortSignal;
  /** How long one wait may take. */
  readonly waitMillis: number;
  /** By when an overflowed client must be disconnected. */
  readonly kickMillis: number;
}

interface MemberOptions {
  readonly choice?: HandshakeChoice;
  /** Its place among the clients of the program. */
  readonly at?: number;
  readonly window?: ReceiveWindow;
  readonly keepsTexts?: boolean;
  /** How its bytes are written. */
  readonly writes?: string;
}

export interface HubSession {
  readonly parts: SessionParts;
  readonly waiter: Waiter;
  /** Waits whose time was over. */
  readonly inVain: readonly Wait[];
  /** The client that listens all the time; undefined until `begin`. */
  readonly resident: Member | undefined;
  /** Members of earlier programs that stayed. */
  veterans: readonly Member[];
  /** What the hub held after the last program; undefined before the first. */
  use: HubUse | undefined;
  /** The hub has counted exactly those who were connected, after some program. */
  isCountExact: boolean;
  /** What it held before the first program. */
  firstUse: HubUse | undefined;
  /** The sequence of the event that is made next. */
  readonly nextSequence: number;
  nextEvent(shape?: EventShape): SeriesEvent;
  nowMillis(): number;
  pause(millis: number): Promise<void>;
  connect(name: string, options?: MemberOptions): Promise<Member>;
  /** The join barrier for those who are connected; from then on events are owed to them. */
  join(members: readonly Member[]): Promise<void>;
  broadcast(texts: readonly string[]): Promise<BroadcastOutcome>;
  /** Starts the hub again, without clients; why it does not run then, or undefined. */
  restartHub(): Promise<string | undefined>;
  /** Connects the resident, where there is none. */
  begin(): Promise<void>;
  /** Ends every connection and every wait. */
  close(): Promise<void>;
}

/** What a hub may take for each of many clients. */
export const MILLIS_PER_MEMBER = 5;

export function createHubSession(parts: SessionParts): HubSession {
  const { target, settings, clock, signal } = parts;
  const series = createSeries(parts.seriesName);
  const vainWaits = createVainWaits(clock);
  const waiter = createWaiter(clock, parts.waitMillis, vainWaits.add);
  const opened = new Set<Member>();
  const allowedOrigins = [...DEFAULT_ALLOWED_ORIGINS, ...settings.allowedOrigins];
  const nowMillis = (): number => clock.nowMicros() / 1e3;
  const abandon = (): void => waiter.abandon();
  signal.addEventListener('abort', abandon, { once: true });
  let [nextSequence, resident]: [number, Member | undefined] = [0, undefined];

  // A route may take one request after the other.
  let underWay = 0;
  async function broadcast(texts: readonly string[]): Promise<BroadcastOutcome> {
    underWay += texts.length;
    const startMillis = nowMillis();
    const deadlineMillis = parts.waitMillis + parts.route.millisFor(underWay);
    const outcome = await target.broadcast(texts, { deadlineMillis });
    if (outcome.ok) parts.route.took(underWay, nowMillis() - startMillis);
    else if (outcome.kind === 'timeout') vainWaits.add(startMillis * 1e3);
    underWay -= texts.length;
    return outcome;
  }

  // What the resident had at the end of each join barrier; the older ones but the last settled one are dropped.
  const joins: { readonly atMicros: number; readonly nonce: number }[] = [];
  function settledNonce(): number {
    const settledMicros = clock.nowMicros() - SETTLED_MILLIS * 1_000;
    while ((joins[1]?.atMicros ?? Number.POSITIVE_INFINITY) <= settledMicros) joins.shift();
    const [first] = joins;
    return first !== undefined && first.atMicros <= settledMicros ? first.nonce : -1;
  }

  async function connect(name: string, options: MemberOptions = {}): Promise<Member> {
    const {
      choice = PLAIN_HANDSHAKE,
      at = 0,
      window = 'default',
      keepsTexts = false,
      writes = 'whole',
    } = options;
    const as = connectAs(target, FIRST_CLIENT);
    const dialed = { atMicros: clock.nowMicros(), nextSequence, settledNonce: settledNonce() };
    const handshake = createClientHandshake(as, choice, allowedOrigins, at);
    const attempt = await openExploreClient({
      connectAs: { ...as, url: handshake.url },
      handshake,
      series,
      // Whoever else broadcasts on a hub that the kit did not start is not judged.
      judges: target.abilities.restart ? 'all' : 'own',
      keepsTexts,
      waiter,
      clock,
      window,
      writes,
      deadlineMillis: parts.waitMillis,
    });
    if (!attempt.ok && attempt.kind === 'timeout') vainWaits.add(dialed.atMicros);
    const member = createMember(name, handshake, dialed, attempt);
    for (const known of opened) if (known.client?.isOpen !== true) opened.delete(known);
    if (member.client !== undefined) opened.add(member);
    return member;
  }

  async function join(joining: readonly Member[]): Promise<void> {
    const waiting = joining.filter(isConnected);
    if (waiting.length === 0 || !target.abilities.broadcast) return;
    const hasNonce = (member: Member): boolean => (member.client?.record.lastNonce ?? -1) >= 0;
    let at = 0;
    const startMicros = clock.nowMicros();
    const isDone = (member: Member | undefined): boolean =>
      member !== undefined && (hasNonce(member) || !isConnected(member) || isUnreadable(member));
    await passJoinBarrier({
      isPassed() {
        while (isDone(waiting[at])) at++;
        return at >= waiting.length;
      },
      async sendNonce(untilSeen) {
        const outcome = await broadcast([series.nextNonce().text]);
        if (outcome.ok) await untilSeen();
        return outcome.ok;
      },
      waiter,
      nowMillis,
      deadlineMillis: parts.waitMillis + waiting.length * MILLIS_PER_MEMBER,
    });
    for (const member of waiting) if (hasNonce(member)) member.owedFrom = nextSequence;
    if (!waiting.every(isDone)) vainWaits.add(startMicros);
    joins.push({ atMicros: clock.nowMicros(), nonce: resident?.client?.record.lastNonce ?? -1 });
  }

  return {
    parts,
    waiter,
    inVain: vainWaits.all,
    get resident() {
      return resident;
    },
    veterans: [],
    use: undefined,
    isCountExact: false,
    firstUse: undefined,
    get nextSequence() {
      return nextSequence;
    },
    nextEvent(shape) {
      nextSequence++;
      return series.next(shape);
    },
    nowMillis,
    pause: (millis) => pause(clock, millis, signal),
    connect,
    join,
    broadcast,
    async restartHub() {
      await target.stop(parts.waitMillis);
      for (const { client } of opened) client?.leave('destroy');
      [this.veterans, this.firstUse, resident, this.isCountExact] = [[], undefined, undefined, false];
      const start = await target.restart();
      return start.ok ? undefined : `it could not be started again: ${start.problem}`;
    },
    async begin() {
      if (resident !== undefined && isConnected(resident)) return;
      resident = await connect('the client that listens all the time');
      this.use = undefined;
      await join([resident]);
    },
    async close() {
      signal.removeEventListener('abort', abandon);
      waiter.abandon();
      for (const { client } of opened) client?.leave('destroy');
      await untilAllClosed(() => [...opened].some(({ client }) => client?.isOpen), clock);
    },
  };
}
