// Several hubs that must deliver the same events, as one target: clients connect to all, and events go to the first,
// or to several in turn.
import type { Target, TargetResources, TargetStats } from '../target.ts';

/** The hubs of a target: itself, unless several were joined. */
export function hubsOf(target: Target): readonly Target[] {
  return target.hubs ?? [target];
}

/** Where events are published: at one, or at several in turn. */
export function publishersOf(target: Target): readonly Target[] {
  return target.publishers ?? [target];
}

/** `publishers` are those of the hubs at which events are published, in turn where there are several. */
export function joinTargets(
  hubs: readonly [Target, ...Target[]],
  publishers: readonly [Target, ...Target[]],
): Target {
  const [first] = hubs;
  let turn = 0;
  const publisher = () => publishers[turn % publishers.length] ?? publishers[0];
  return {
    hubs,
    publishers,
    takeTurn: () => {
      turn++;
    },
    adapter: first.adapter,
    tls: first.tls,
    identity: first.identity,
    agreedTls: first.agreedTls,
    get url() {
      return first.url;
    },
    proxy: hubs.find(({ proxy }) => proxy !== undefined)?.proxy,
    get abilities() {
      return {
        ...first.abilities,
        batch: publishers.every(({ abilities }) => abilities.batch),
        stats: hubs.every(({ abilities }) => abilities.stats),
      };
    },
    broadcast: (texts, options) => publisher().broadcast(texts, options),
    stats: () => sumStats(hubs),
    resources: () => sumResources(hubs),
    stop: (deadlineMillis, signal) => first.stop(deadlineMillis, signal),
    get stopSignals() {
      return first.stopSignals;
    },
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
          dataBytes: sum.dataBytes && one.dataBytes && sum.dataBytes + one.dataBytes,
          descriptors: sum.descriptors + one.descriptors,
          cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
        }
      : undefined,
  );
}
