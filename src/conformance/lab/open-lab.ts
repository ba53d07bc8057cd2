// The lab of one check, bound to a target: hands out its tools, keeps what they open, and closes all of it.

import { createRandom } from '../../kit/random.ts';
import { hashText } from '../../protocol/hash.ts';
import { createSeries } from '../../session/series.ts';
import { createWaiter, type WaitAllowance } from '../../session/wait-until.ts';
import { createWireLog, mergeWireLogs, type WireEntry, type WireLog } from '../../session/wire-log.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { untilAllClosed } from '../../time/until-all-closed.ts';
import type { Connection } from '../../wire/connection.ts';
import { createInflater, type Inflater } from '../../wire/deflate.ts';
import { openConnection } from '../../wire/open-connection.ts';
import { CheckEnded, error, FACTS, fail } from '../finding.ts';
import { awaitedAtOnce, type Listening } from '../run/order/listening.ts';
import type { Settings } from '../run/settings.ts';
import type { Wait } from '../run/starvation/core-waits.ts';
import { createVainWaits } from '../run/starvation/vain-waits.ts';
import type { RouteTimes } from '../run/waits/route-times.ts';
import { clientName } from './client/client-name.ts';
import { describeExchange, describeRequest, runExchange } from './exchange.ts';
import type { RuledConnection } from './frame-rules.ts';
import { identifyRequest, showPath, suiteClient } from './identified-request.ts';
import type { ConnectOptions, ConnectOutcome, Lab } from './lab.ts';
import { createLabClient, type LabClient } from './lab-client.ts';
import { createPublishing } from './publishing.ts';
import { createRawStreams } from './raw-streams.ts';
import { affordable } from './route/affordable.ts';
import type { EventLimit } from './route/event-limit.ts';
import type { SharedWindow } from './window/shared-window.ts';

/** A hub that runs answers a handshake in this time, whatever its route does. */
const HANDSHAKE_MILLIS = 2_000;

export interface LabParts {
  readonly checkId: string;
  /** Letters and digits, different for every check of every run on the same hub. */
  readonly seriesName: string;
  readonly target: Target;
  readonly settings: Settings;
  /** Of the whole run: what one check waited for in vain, others need not wait for as long. */
  readonly allowance: WaitAllowance;
  /** Of the whole run, too. */
  readonly route: RouteTimes;
  readonly limit: EventLimit;
  readonly clock: Clock;
  /** Of the whole run, too. */
  readonly eventWindow: SharedWindow;
  readonly isAlone: boolean;
  readonly signal: AbortSignal;
  /** Default: the check is waited for at once. */
  readonly listening?: Listening | undefined;
}

/** A lab with what only its owner may do. */
export interface OwnedLab {
  readonly lab: Lab;
  readonly evidence: readonly string[];
  /** What the check is waiting for at this moment. */
  readonly pending: readonly string[];
  /** Waits for the hub whose time was over before it did what it was waited for. */
  readonly inVain: readonly Wait[];
  /** For the rules of all connections (frame-rules.ts). */
  connections(): readonly RuledConnection[];
  wireEntries(limit: number): WireEntry[];
  /** Destroys every connection and ends every wait; resolves when all are gone. */
  close(): Promise<void>;
}

export function openLab(parts: LabParts): OwnedLab {
  const { target, allowance, clock, listening = awaitedAtOnce() } = parts;
  const settings: Settings = {
    ...parts.settings,
    get waitMillis() {
      return allowance.millis;
    },
  };
  const startMicros = clock.nowMicros();
  const elapsedMillis = (): number => (clock.nowMicros() - startMicros) / 1_000;
  const vainWaits = createVainWaits(clock);
  const waiter = createWaiter(clock, allowance, vainWaits.add);
  const series = createSeries(parts.seriesName);
  const evidence: string[] = [];
  // Plain HTTP, beside the clients.
  const rawLog = createWireLog('raw', elapsedMillis);
  const logs: WireLog[] = [rawLog];
  const connections = new Set<Connection>();
  const clients: LabClient[] = [];
  const rawStreams = createRawStreams(series);
  let opened = 0;
  let isClosed = false;
  const abandon = (): void => waiter.abandon();
  parts.signal.addEventListener('abort', abandon, { once: true });
  listening.awaited.addEventListener('abort', waiter.poke);

  const note = (line: string): void => {
    evidence.push(`${elapsedMillis().toFixed(0).padStart(6)} ms  ${line}`);
  };
  const publishing = createPublishing({
    ...parts,
    series,
    waiter,
    elapsedMillis,
    note,
    ...{ vainWaits, answersHandshake, clients: () => clients },
    stalledClients: () => clients.filter(({ isOpen, isReading }) => isOpen && !isReading),
  });

  function refuseWhenClosed(): void {
    if (isClosed) throw new CheckEnded(error('the check went on after its end'));
  }

  function own(connection: Connection): void {
    if (isClosed) connection.destroy();
    else connections.add(connection);
  }

  async function tryConnect(options: ConnectOptions = {}): Promise<ConnectOutcome> {
    refuseWhenClosed();
    const name = clientName(opened++);
    const wireLog = createWireLog(name, elapsedMillis);
    logs.push(wireLog);
    const { isPolite = true, offersDeflate = false } = options;
    const as = suiteClient(target, options.url);
    let inflater: Inflater | undefined; // known with the answer, before the first message
    const recorder = createLabClient({
      ...{ name, wireLog, series, waiter, clock, elapsedMillis, isPolite },
      keepTexts: options.keepTexts,
      inflater: () => inflater,
      eventWindow: parts.eventWindow,
    });
    const startMillis = clock.nowMicros() / 1_000;
    const outcome = await openConnection({
      ...as,
      listener: recorder,
      clock,
      deadlineMillis: options.deadlineMillis ?? settings.waitMillis,
      // Behind a proxy, which takes what the client does not, a small window limits nothing and is slow to read from.
      window: target.proxy === undefined ? (options.window ?? 'default') : 'default',
      offersDeflate,
      headers: [...(as.headers ?? []), ...(options.headers ?? [])],
      ...(options.request === undefined ? {} : { request: options.request }),
    });
    // A hub that does not answer handshakes is not waited for in full by every client of every check.
    if (options.deadlineMillis === undefined && (outcome.ok || outcome.kind === 'timeout'))
      allowance.ended(outcome.ok, startMillis, clock.nowMicros() / 1_000);
    if (!outcome.ok) {
      if (outcome.kind === 'timeout') vainWaits.add(startMillis * 1_000);
      wireLog.add('kit', outcome.problem);
      return outcome;
    }
    const agreed = outcome.response.headers['sec-websocket-extensions'];
    if (agreed) inflater = createInflater(agreed);
    own(outcome.connection);
    recorder.attach(outcome.connection, outcome.window);
    clients.push(recorder.client);
    return { ok: true, client: recorder.client, opened: outcome };
  }

  async function answersHandshake(): Promise<boolean> {
    const outcome = await tryConnect({ deadlineMillis: HANDSHAKE_MILLIS });
    return outcome.ok || outcome.kind === 'refused' || outcome.kind === 'dropped';
  }

  async function connect(options: ConnectOptions = {}): Promise<LabClient> {
    const outcome = await tryConnect(options);
    if (outcome.ok) return outcome.client;
    if (outcome.kind === 'unreachable') throw new CheckEnded(error(outcome.problem));
    const breach = { expected: 'the hub accepts a correct opening handshake', got: outcome.problem };
    throw new CheckEnded(fail(breach, outcome.kind === 'timeout' ? {} : FACTS));
  }

  async function witnesses(count: number, options: ConnectOptions = {}): Promise<LabClient[]> {
    const clients = await Promise.all(Array.from({ length: count }, () => connect(options)));
    await publishing.join(clients);
    return clients;
  }

  const lab: Lab = {
    settings,
    clock,
    random: createRandom(hashText(parts.checkId, settings.seed)),
    signal: parts.signal,
    listening,
    get url() {
      return suiteClient(target).url;
    },
    get connectAs() {
      return suiteClient(target);
    },
    get abilities() {
      return target.abilities;
    },
    target,
    series,
    get routeMillis() {
      return parts.route.usualMillis;
    },
    deliveries: parts.eventWindow.deliveries,
    affordable: (events) => affordable({ ...parts, timeLimitMillis: settings.timeLimitMillis, note }, events),
    elapsedMillis,
    note,
    until: (holds, what, deadlineMillis) => waiter.until(holds, { what, deadlineMillis }),
    pause: (millis) => pause(clock, millis, parts.signal),
    connect,
    tryConnect,
    witnesses,
    witness: async (options) => (await witnesses(1, options))[0] as LabClient,
    async exchange(request, options = {}) {
      refuseWhenClosed();
      const written = typeof request === 'string' ? Buffer.from(request, 'latin1') : Buffer.from(request);
      const as = suiteClient(target);
      rawLog.add('out', showPath(describeRequest(written), as));
      const exchange = await runExchange({
        ...{ connectAs: as, clock, bytes: identifyRequest(written, as) },
        wantsBody: options.wantsBody ?? false,
        pieces: options.pieces ?? 1,
        own,
        until: (holds, what) => waiter.until(holds, { what, deadlineMillis: options.deadlineMillis }),
        poke: waiter.poke,
        eventWindow: parts.eventWindow,
      });
      rawStreams.add(exchange);
      rawLog.add('in', describeExchange(exchange));
      return exchange;
    },
    ...publishing,
  };

  return {
    lab,
    evidence,
    inVain: vainWaits.all,
    get pending() {
      return waiter.pending;
    },
    connections: () => [...clients, ...rawStreams.read()],
    wireEntries: (limit) => mergeWireLogs(logs, limit),
    async close() {
      isClosed = true;
      parts.signal.removeEventListener('abort', abandon);
      listening.awaited.removeEventListener('abort', waiter.poke);
      waiter.abandon();
      for (const connection of connections) connection.destroy();
      await untilAllClosed(() => [...connections].some(({ isOpen }) => isOpen), clock);
    },
  };
}
