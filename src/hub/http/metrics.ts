// What the hub counts, as JSON for /stats and as Prometheus text for /metrics; both read the same counters.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import type { HubCore } from '../core/core.ts';
import type { Departure } from '../departure.ts';

export interface HubStats {
  readonly clients: number;
  readonly connectionsTotal: number;
  readonly broadcasts: number;
  /** Messages whose last byte a kernel took. */
  readonly deliveries: number;
  readonly evictions: number;
  readonly departures: Readonly<Partial<Record<Departure, number>>>;
  readonly refusedOrigins: number;
  readonly queuedEvents: number;
  readonly waitingProducers: number;
  readonly outstandingMessages: number;
  /**
   * Whether a write that the kernel took in part is counted message by message. Without it (another runtime) slow
   * clients are evicted up to one write early.
   */
  readonly hasUnsentBytes: boolean;
  readonly eventLoopDelayMillis: { readonly mean: number; readonly max: number };
}

export interface HubMetrics {
  connections: number;
  refusedOrigins: number;
  hasUnsentBytes: boolean;
  /** Deliveries of clients that have left. */
  pastDeliveries: number;
  readonly departures: Partial<Record<Departure, number>>;
  stats(): HubStats;
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
  close(): void;
}

export function createHubMetrics(core: HubCore, liveDeliveries: () => number): HubMetrics {
  const delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const metrics: HubMetrics = {
    connections: 0,
    refusedOrigins: 0,
    hasUnsentBytes: true,
    pastDeliveries: 0,
    departures: {},
    stats: () => ({
      clients: core.clients,
      connectionsTotal: metrics.connections,
      broadcasts: core.broadcasts,
      deliveries: metrics.pastDeliveries + liveDeliveries(),
      evictions: metrics.departures['slow consumer'] ?? 0,
      departures: { ...metrics.departures },
      refusedOrigins: metrics.refusedOrigins,
      queuedEvents: core.queuedEvents,
      waitingProducers: core.waitingProducers,
      outstandingMessages: core.outstandingMessages(),
      hasUnsentBytes: metrics.hasUnsentBytes,
      eventLoopDelayMillis: { mean: millis(delay.mean), max: millis(delay.max) },
    }),
    render: () => renderPrometheus(metrics.stats()),
    close: () => delay.disable(),
  };
  return metrics;
}

function millis(nanos: number): number {
  return Number.isFinite(nanos) ? Math.round(nanos / 1e4) / 100 : 0;
}

async function renderPrometheus(stats: HubStats): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name, help, registers }).set(value);
  const counter = (name: string, help: string, value: number) =>
    new Counter({ name, help, registers }).inc(value);
  gauge('norn_hub_clients', 'Clients in the set.', stats.clients);
  counter('norn_hub_connections_total', 'WebSocket connections accepted.', stats.connectionsTotal);
  counter('norn_hub_broadcasts_total', 'Events fanned out.', stats.broadcasts);
  counter('norn_hub_deliveries_total', 'Messages that a kernel took completely.', stats.deliveries);
  const departures = new Counter({
    name: 'norn_hub_departures_total',
    help: 'Clients that left.',
    labelNames: ['reason'],
    registers,
  });
  for (const [reason, count] of Object.entries(stats.departures)) departures.inc({ reason }, count);
  const evictions = new Counter({
    name: 'norn_hub_evictions_total',
    help: 'Clients the hub disconnected.',
    labelNames: ['reason'],
    registers,
  });
  evictions.inc({ reason: 'slow consumer' }, stats.evictions);
  evictions.inc({ reason: 'unanswered pings' }, stats.departures['unanswered pings'] ?? 0);
  counter('norn_hub_refused_origins_total', 'Requests refused for their Origin.', stats.refusedOrigins);
  gauge('norn_hub_broadcast_queue_events', 'Events waiting for the run loop.', stats.queuedEvents);
  gauge(
    'norn_hub_waiting_producers',
    'Broadcast requests waiting for room in the queue.',
    stats.waitingProducers,
  );
  gauge(
    'norn_hub_outstanding_messages',
    'Messages that no kernel has taken yet, over all clients.',
    stats.outstandingMessages,
  );
  gauge(
    'norn_hub_event_loop_delay_seconds_mean',
    'Mean event-loop delay since the start.',
    stats.eventLoopDelayMillis.mean / 1e3,
  );
  gauge(
    'norn_hub_event_loop_delay_seconds_max',
    'Worst event-loop delay since the start.',
    stats.eventLoopDelayMillis.max / 1e3,
  );
  return { contentType: registry.contentType, text: await registry.metrics() };
}
