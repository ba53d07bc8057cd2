// Several hubs that must deliver the same events, as one target: events go to the first, and clients connect to all.
import type { Target, TargetResources, TargetStats } from '../target.ts';

/** The hubs of a target: itself, unless several were joined. */
export function hubsOf(target: Target): readonly Target[] {
  return target.hubs ?? [target];
}

export function joinTargets(first: Target, others: readonly Target[]): Target {
  const hubs = [first, ...others];
  return {
    hubs,
    adapter: first.adapter,
    tls: first.tls,
    identity: first.identity,
    agreedTls: first.agreedTls,
    get url() {
      return first.url;
    },
    proxy: hubs.find(({ proxy }) => proxy !== undefined)?.proxy,
    get abilities() {
      return { ...first.abilities, stats: hubs.every(({ abilities }) => abilities.stats) };
    },
    broadcast: (texts, options) => first.broadcast(texts, options),
    stats: () => sumStats(hubs),
    resources: () => sumResources(hubs),
    stop: (deadlineMillis) => first.stop(deadlineMillis),
    kill: () => first.kill(),
    restart: () => first.restart(),
    died: Promise.race(hubs.map(({ died }, at) => died.then((sentence) => `target ${at + 1}: ${sentence}`))),
    async close() {
      await Promise.all(hubs.map((hub) => hub.close()));
    },
  };
}

/** Undefined where one has none. */
async function sumStats(hubs: readonly Target[]): Promise<TargetStats | undefined> {
  const all = await Promise.all(hubs.map((hub) => hub.stats()));
  return all.reduce((sum, one) => (sum && one ? { clients: sum.clients + one.clients, raw: {} } : undefined));
}

/** Of all hubs together; undefined where one cannot be read. */
async function sumResources(hubs: readonly Target[]): Promise<TargetResources | undefined> {
  const all = await Promise.all(hubs.map((hub) => hub.resources()));
  return all.reduce((sum, one) =>
    sum && one
      ? {
          rssBytes: sum.rssBytes + one.rssBytes,
          descriptors: sum.descriptors + one.descriptors,
          cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
        }
      : undefined,
  );
}
