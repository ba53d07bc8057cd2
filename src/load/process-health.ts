// How well this process kept up: CPU, event-loop delay and use, memory. The generator must not blame a hub for its own
// slowness.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ProcessHealth } from './result.ts';

// The histogram records whole intervals of its timer; what exceeds the interval is delay.
const RESOLUTION_MILLIS = 10;

export interface HealthMonitor {
  /** Forgets what was, so that warm-up does not count. */
  reset(): void;
  read(): ProcessHealth;
  close(): void;
}

export function createHealthMonitor(): HealthMonitor {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
  delay.enable();
  let loopStart = performance.eventLoopUtilization();
  let cpuStart = process.cpuUsage();
  const micros = (nanos: number) => Math.max(0, Math.round(nanos / 1e3 - RESOLUTION_MILLIS * 1e3));
  return {
    reset() {
      delay.reset();
      loopStart = performance.eventLoopUtilization();
      cpuStart = process.cpuUsage();
    },
    read() {
      const cpu = process.cpuUsage(cpuStart);
      return {
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        utilization: performance.eventLoopUtilization(loopStart).utilization,
        eventLoopDelayMicros: { p99: micros(delay.percentile(99)), max: micros(delay.max) },
        rssBytes: process.memoryUsage.rss(),
      };
    },
    close: () => delay.disable(),
  };
}
