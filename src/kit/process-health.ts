// How well this process kept up: CPU, event-loop delay and use, memory. The generator must not blame a hub for its own
// slowness.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

// The histogram records whole intervals of its timer; what exceeds the interval is delay.
const RESOLUTION_MILLIS = 10;
/** How often this process looks whether it had the CPU. */
const WATCH_MILLIS = 5;
/** Timers are late by this much on a machine that has nothing else to do. */
const USUAL_LATENESS_MILLIS = 2;

export interface MeasuredHealth {
  readonly cpuSeconds: number;
  /** Share of the measured time that the event loop was busy, 0 to 1. */
  readonly utilization: number;
  readonly eventLoopDelayMicros: { readonly p99: number; readonly max: number };
  /** Share of the measured time that it was due to run and did not get the CPU, 0 to 1. */
  readonly starvedShare: number;
  /** The longest time at a stretch that it was due to run and did not. Absent in files from before it was kept. */
  readonly longestStopMillis?: number;
  readonly rssBytes: number;
}

export interface HealthMonitor {
  /** Forgets what was, so that warm-up does not count. */
  reset(): void;
  read(): MeasuredHealth;
  close(): void;
}

export function createHealthMonitor(): HealthMonitor {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
  delay.enable();
  let loopStart = performance.eventLoopUtilization();
  let cpuStart = process.cpuUsage();
  const watch = watchStarvation();
  const micros = (nanos: number) => Math.max(0, Math.round(nanos / 1e3 - RESOLUTION_MILLIS * 1e3));
  return {
    reset() {
      delay.reset();
      loopStart = performance.eventLoopUtilization();
      cpuStart = process.cpuUsage();
      watch.reset();
    },
    read() {
      const cpu = process.cpuUsage(cpuStart);
      return {
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        utilization: performance.eventLoopUtilization(loopStart).utilization,
        eventLoopDelayMicros: { p99: micros(delay.percentile(99)), max: micros(delay.max) },
        starvedShare: watch.share(),
        longestStopMillis: watch.longestMillis(),
        rssBytes: process.memoryUsage.rss(),
      };
    },
    close() {
      delay.disable();
      watch.close();
    },
  };
}

/**
 * How much of the time this process was due to run and did not get the CPU: stopped, throttled, or waiting for a core. A timer
 * that is late by more than the CPU time used since the last one was not kept by our own work. The longest such time counts
 * from the start: clients that did not read before the measured time may be evicted in it.
 */
function watchStarvation(): { reset(): void; share(): number; longestMillis(): number; close(): void } {
  let startMillis = performance.now();
  let lastMillis = startMillis;
  let lastCpu = process.cpuUsage();
  let starvedMillis = 0;
  let longestMillis = 0;

  function look(): void {
    const nowMillis = performance.now();
    const cpu = process.cpuUsage();
    const usedMillis = (cpu.user - lastCpu.user + cpu.system - lastCpu.system) / 1e3;
    const lateMillis = nowMillis - lastMillis - WATCH_MILLIS - USUAL_LATENESS_MILLIS;
    starvedMillis += Math.max(0, lateMillis - usedMillis);
    longestMillis = Math.max(longestMillis, lateMillis - usedMillis);
    lastMillis = nowMillis;
    lastCpu = cpu;
  }

  const timer = setInterval(look, WATCH_MILLIS).unref();
  return {
    reset() {
      startMillis = lastMillis = performance.now();
      lastCpu = process.cpuUsage();
      starvedMillis = 0;
    },
    share() {
      look();
      return Math.min(1, starvedMillis / Math.max(1, lastMillis - startMillis));
    },
    longestMillis: () => Math.round(longestMillis),
    close: () => clearInterval(timer),
  };
}
