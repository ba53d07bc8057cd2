// What a check may do to a hub: open clients of every kind, make it broadcast, wait. Whatever a check opens is closed by
// the lab's owner, the runner. A step that the hub does not let happen ends the check with a finding (CheckEnded);
// steps named try… answer with a value instead, for checks that judge exactly this step.
// (contract; implementation: open-lab.ts)

import type { Random } from '../../kit/random.ts';
import type { KeepTexts } from '../../session/recorder.ts';
import type { EventShape, Series, SeriesEvent } from '../../session/series.ts';
import type { BroadcastOutcome, Target, TargetAbilities } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import type { ConnectAs, Opened, OwnRequest, ReceiveWindow } from '../../wire/connection.ts';
import type { Finding } from '../finding.ts';
import type { Listening } from '../run/order/listening.ts';
import type { Settings } from '../run/settings.ts';
import type { DeliveryTimes } from '../run/waits/delivery-times.ts';
import type { Exchange, ExchangeOptions } from './exchange.ts';
import type { LabClient } from './lab-client.ts';
import type { EventsWanted } from './route/affordable.ts';
import type { RefusalOptions, Refused } from './route/refusal.ts';

export interface Lab {
  readonly settings: Settings;
  readonly clock: Clock;
  /** Random numbers of this check; the run's seed repeats them. */
  readonly random: Random;
  /** Aborted when the check's deadline passes or the run is interrupted. */
  readonly signal: AbortSignal;
  /** How long a check that only listens goes on. */
  readonly listening: Listening;
  /** Where clients connect. */
  readonly url: string;
  /** The same, and what every client of the suite says of itself. */
  readonly connectAs: ConnectAs;
  readonly abilities: TargetAbilities;
  /** The hub itself: stats, resources, stop, kill, restart. Broadcast through the lab, so that pacing holds. */
  readonly target: Target;
  readonly series: Series;
  /** What the broadcast route usually takes for an event, in milliseconds; 0 before it was measured. */
  readonly routeMillis: number;
  /** How long events take from the hub's answer to its clients, as seen by all checks. */
  readonly deliveries: Pick<DeliveryTimes, 'isSlow' | 'isLate' | 'isSettled'>;
  /** How many events there is time for with this hub; ends the check where the fewest take too long. */
  affordable(events: EventsWanted): number;

  /** Milliseconds since the check began. */
  elapsedMillis(): number;
  /** A line of evidence, with the time. */
  note(line: string): void;
  /** True when `holds` within the deadline (default: `settings.waitMillis`); looks again whenever any client receives something. */
  until(holds: () => boolean, what: string, deadlineMillis?: number): Promise<boolean>;
  pause(millis: number): Promise<void>;

  /** One client after a correct opening handshake; a hub that refuses ends the check as failed. */
  connect(options?: ConnectOptions): Promise<LabClient>;
  tryConnect(options?: ConnectOptions): Promise<ConnectOutcome>;
  /** Clients that are connected and past the join barrier. */
  witnesses(count: number, options?: ConnectOptions): Promise<LabClient[]>;
  witness(options?: ConnectOptions): Promise<LabClient>;
  /**
   * The join barrier: broadcasts nonces until every client has seen one, and the last of them has arrived everywhere.
   * Hubs may register a client late; only from here on is what it receives judged.
   */
  join(clients: readonly LabClient[]): Promise<void>;
  /** Any bytes on a fresh TCP connection, and what the hub answers. */
  exchange(bytes: Uint8Array | string, options?: ExchangeOptions): Promise<Exchange>;

  /**
   * Broadcasts the next events of this check's series, at most 32 unacknowledged by `witnesses` (clients past the
   * barrier), and resolves when all of them have all. An event that does not arrive ends the check as failed.
   */
  publish(shapes: readonly EventShape[], witnesses: readonly LabClient[]): Promise<readonly SeriesEvent[]>;
  /** The same for events made before (`series.next`), perhaps with texts of your own; a hub that refuses them is a value. */
  tryPublish(events: readonly SeriesEvent[], witnesses: readonly LabClient[]): Promise<BroadcastOutcome>;
  /** Broadcasts events at once and unpaced. Only for checks that run alone; resolves when the hub has accepted them. */
  burst(shapes: readonly EventShape[]): Promise<readonly SeriesEvent[]>;
  tryBurst(shapes: readonly EventShape[], deadlineMillis?: number): Promise<BurstOutcome>;
  /**
   * The same as fast as the hub accepts events, in any order: where it takes one a request (`isOneEach`), many requests
   * at the same time.
   */
  burstUnordered(
    shapes: readonly EventShape[],
    deadlineMillis?: number,
  ): Promise<BurstOutcome & { readonly isOneEach: boolean; readonly tookMillis: number }>;
  /** One more event: when it has arrived at all of `witnesses`, everything before it has. Gives its sequence number. */
  fence(witnesses: readonly LabClient[]): Promise<number>;
  /** JSON texts of your own making, as they are; waits for nothing but the hub's answer. */
  tryBroadcast(texts: readonly string[], deadlineMillis?: number): Promise<BroadcastOutcome>;
  /**
   * The finding of a broadcast that failed, for a check that ends with it: without an answer, the hub fails, and who had
   * stopped reading is disconnected to see whether the route answers then (route/refusal.ts).
   */
  refusal(outcome: Refused, options: RefusalOptions): Promise<Finding>;
}

export interface ConnectOptions {
  readonly window?: ReceiveWindow;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The whole request, instead of the usual one with `headers`. */
  readonly request?: OwnRequest;
  /** Default: the target's url. */
  readonly url?: string;
  readonly keepTexts?: KeepTexts;
  /** Offers compression, as browsers do, and reads what is compressed when the hub agreed. Default false. */
  readonly offersDeflate?: boolean;
  /** False: neither Pings nor a Close are answered. Default true. */
  readonly isPolite?: boolean;
  readonly deadlineMillis?: number;
}

export type ConnectOutcome =
  | { readonly ok: true; readonly client: LabClient; readonly opened: Extract<Opened, { ok: true }> }
  | Extract<Opened, { ok: false }>;

interface BurstOutcome {
  readonly events: readonly SeriesEvent[];
  readonly outcome: BroadcastOutcome;
}
