// The program of a worker process: its clients, driven by messages from the coordinator. It ends when the coordinator does.
import { createHealthMonitor, type HealthMonitor } from '../../kit/process-health.ts';
import type { ClockReading } from '../../ledger/latency/latency-bounds.ts';
import { PublisherBlocks } from '../../ledger/latency/publisher-blocks.ts';
import { type Clock, systemClock, type Timer } from '../../time/clock.ts';
import { createShiftedClock } from '../../time/shifted-clock.ts';
import { createBatchClock } from '../../wire/ring/batch-clock.ts';
import { type ChosenBackend, chooseReadBackend } from '../../wire/ring/read-backend.ts';
import { isTlsUrl } from '../../wire/tls/tls-settings.ts';
import type { ProcessHealth } from '../result/result.ts';
import { readCpuMicros } from './account/cpu-time.ts';
import { createInterimPauses } from './account/interim-pauses.ts';
import { createAgentWatch } from './agent/agent-watch.ts';
import type { ClockOffset } from './agent/clock-offset.ts';
import { NO_RETURNS } from './returns/return-messages.ts';
import { createWorkerClients, type WorkerClients } from './worker-clients.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const PROGRESS_INTERVAL_MILLIS = 100;

/** The coordinator's time, in which every message is. */
const clock = createShiftedClock(systemClock);
/** Who publishes; the coordinator unless something else is said. */
const blocks = new PublisherBlocks();
const agentWatch = createAgentWatch(systemClock, () => process.exit(0));
let health: HealthMonitor | undefined;
let clients: WorkerClients | undefined;
let backend: ChosenBackend | undefined;
let beginning: Timer | undefined;
let startedAtMicros: number | undefined;
/** The latest; it may come before there are clients. */
let reading: ClockReading | undefined;

function send(message: FromWorker): void {
  // The coordinator may be gone already; `disconnect` then ends this process.
  process.send?.(message, undefined, undefined, () => {});
}

function reportRegularly(dueMicros = systemClock.nowMicros()): void {
  const nowMicros = systemClock.nowMicros();
  reportProgress(nowMicros - dueMicros);
  const nextMicros = nowMicros + PROGRESS_INTERVAL_MILLIS * 1e3;
  systemClock.after(PROGRESS_INTERVAL_MILLIS, () => reportRegularly(nextMicros));
}

function reportProgress(lateMicros = 0): void {
  if (clients)
    send({
      kind: 'progress',
      lateMicros,
      cohorts: clients.progress(),
      seconds: clients.takeEndedSeconds(),
      stalled: clients.stalled(),
      frameSizes: clients.takeFrameSizes(),
      returns: clients.takeReturns(),
    });
}

const clockFor = ({ ring }: ChosenBackend): Clock =>
  ring === undefined ? clock : createBatchClock(clock, ring);

const readHealth = (monitor: HealthMonitor): ProcessHealth => ({
  ...monitor.read(),
  ...(backend && { reading: backend.reading }),
});

/** It may lie ahead: this process begins by itself then, as what is said at that moment would come late. */
function beginAt(fromMicros: number): void {
  beginning?.cancel();
  const begin = () => {
    startedAtMicros = clock.nowMicros();
    health?.reset();
  };
  const millis = (fromMicros - clock.nowMicros()) / 1e3;
  if (millis > 0) beginning = systemClock.after(millis, begin);
  else begin();
}

async function account({ ranges, cut }: Extract<ToWorker, { readonly kind: 'account' }>): Promise<void> {
  if (clients === undefined || health === undefined) return;
  const pauses = createInterimPauses(systemClock, readCpuMicros);
  const soFar = await clients.account(ranges, cut, pauses.rest);
  const result = { ...soFar, frameSizes: [], returns: NO_RETURNS, health: readHealth(health) };
  send({ kind: 'account', account: { cut, result, busyMicros: pauses.busyMicros() } });
}

function readClock({ offsetMicros, atMicros, ...known }: ClockOffset): void {
  clock.shiftBy(offsetMicros);
  reading = { ...known, offsetMicros, blocks, atMicros: atMicros + offsetMicros };
  clients?.readClock(reading);
}

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'start':
      backend = chooseReadBackend(
        message.readBackend,
        message.hubs.every(({ url }) => isTlsUrl(url)),
      );
      health = createHealthMonitor();
      clients = createWorkerClients({ ...message, ring: backend.ring, clock: clockFor(backend) });
      if (reading) clients.readClock(reading);
      reportRegularly();
      break;
    case 'clock':
      readClock(message);
      agentWatch.heard();
      break;
    case 'block':
      blocks.announce(message);
      break;
    case 'report':
      reportProgress();
      break;
    case 'join':
      void clients?.join(message);
      break;
    case 'measure':
      clients?.measure(message.fromMicros, message.untilMicros);
      beginAt(message.fromMicros);
      break;
    case 'end-stages':
      clients?.endStages();
      break;
    case 'drain':
      void clients?.drain(message.cohorts);
      break;
    case 'refused':
      clients?.refuse(message.from, message.to, message.why);
      break;
    case 'fault':
      clients?.fault(message.window);
      send({ kind: 'confirmed', id: message.id });
      break;
    case 'drop':
      clients?.drop(message);
      send({ kind: 'confirmed', id: message.id });
      break;
    case 'stop-returning':
      clients?.stopReturning();
      break;
    case 'account':
      void account(message);
      break;
    case 'finish': {
      const read = health && readHealth(health);
      const finished = clients?.finish(message.ranges);
      const frameSizes = clients?.takeFrameSizes() ?? [];
      const returns = clients?.takeReturns();
      if (finished && returns && read)
        send({ kind: 'result', result: { ...finished, startedAtMicros, frameSizes, returns, health: read } });
      break;
    }
  }
});
// Signals may reach the whole process group; the coordinator decides when a worker ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
send({ kind: 'ready' });
