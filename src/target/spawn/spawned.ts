// A hub that the kit starts, stops, kills and starts again: a process and a driver. The reference and stdio adapters
// differ only in the command and in how the driver is chosen.
import { addressOf } from '../../wire/hub-address.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import type { Driver, DriverStart } from '../driver.ts';
import { findListener, readProcessResources } from '../process-facts.ts';
import type { RemoteRule } from '../refuse-non-loopback.ts';
import type { Target, TargetAbilities, TargetStart } from '../target.ts';
import { awaitReady, type Readiness } from './await-ready.ts';
import { describeStartError, type HubCommand, type HubProcess, startHubProcess } from './hub-process.ts';
import type { ReadyLine } from './ready-line.ts';
import { describeLeft, STOP_SIGNALS, stopHub } from './stop/stop-hub.ts';

/** The ready line may name another machine where the rule allows it. */
export interface SpawnPlan extends RemoteRule {
  readonly adapter: string;
  /** The command of the next start; `previousUrl` is where the hub was before a restart. */
  command(previousUrl: string | undefined): HubCommand;
  chooseDriver(hub: HubProcess, line: ReadyLine, url: string): Promise<DriverStart>;
  readonly startDeadlineMillis: number;
  /** Where clients connect, when the user named it; then no ready line is needed. */
  readonly givenUrl?: string | undefined;
  readonly tls?: TlsSettings | undefined;
}

/** One life of the hub, from a start to its end. */
interface Life {
  readonly hub: HubProcess;
  readonly driver: Driver;
  readonly url: string;
  /** Whose memory and descriptors are read: the hub itself, not a shell or runner in front of it. */
  readonly hubPid: number | undefined;
  /** No shell or runner is in front of the hub. */
  readonly isHubItself: boolean;
  readonly resourcesProblem: string | undefined;
  isEndWanted: boolean;
}

type LifeStart =
  | { readonly ok: true; readonly life: Life }
  | { readonly ok: false; readonly problem: string };

export async function startSpawned(plan: SpawnPlan): Promise<TargetStart> {
  const start = await startLife(plan, undefined);
  return start.ok ? { ok: true, target: createSpawnedTarget(plan, start.life) } : start;
}

async function startLife(plan: SpawnPlan, previousUrl: string | undefined): Promise<LifeStart> {
  const command = plan.command(previousUrl);
  let hub: HubProcess;
  try {
    hub = startHubProcess(command);
  } catch (cause) {
    // Some failures, such as a file in place of a folder, are thrown; others end the process.
    return { ok: false, problem: `the hub '${command.text}' ${describeStartError(cause as Error)}` };
  }
  const ready = await awaitReady(hub, command.text, plan.startDeadlineMillis, plan.givenUrl, plan);
  if (!ready.ok) return abandon(hub, ready.problem);
  const chosen = await plan.chooseDriver(hub, ready.line, ready.url);
  if (!chosen.ok) return abandon(hub, `the hub '${command.text}' started, but: ${chosen.problem}`);
  const knownPid = await findHubPid(hub, ready);
  const hubPid = knownPid ?? hub.pid;
  const isHubItself = hub.pid !== undefined && knownPid === hub.pid;
  const resources = hubPid === undefined ? undefined : await readProcessResources(hubPid);
  const resourcesProblem = resources
    ? undefined
    : 'memory and descriptors of the hub cannot be read from /proc';
  const found = { hubPid, isHubItself, resourcesProblem };
  return { ok: true, life: { hub, driver: chosen.driver, url: ready.url, ...found, isEndWanted: false } };
}

async function abandon(hub: HubProcess, problem: string): Promise<LifeStart> {
  hub.signal('SIGKILL');
  await hub.ended;
  return { ok: false, problem };
}

/** Undefined where it cannot be found. */
async function findHubPid(hub: HubProcess, ready: Readiness & { ok: true }): Promise<number | undefined> {
  return ready.line.pid ?? findListener(addressOf(ready.url), hub.listPids());
}

function createSpawnedTarget(plan: SpawnPlan, firstLife: Life): Target {
  let life = firstLife;
  /** A hub that is just being started again is ended, too, when the target is closed. */
  let restarting: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  let tellDeath: (sentence: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    tellDeath = resolve;
  });
  watch(life);

  function watch(watched: Life): void {
    void watched.hub.ended.then(({ how, left }) => {
      if (!watched.isEndWanted) tellDeath(`the hub ${how}${watched.hub.lastWords()}${describeLeft(left)}`);
    });
  }

  async function end(): Promise<void> {
    life.isEndWanted = true;
    life.hub.signal('SIGKILL');
    await life.hub.ended;
    await life.driver.close();
  }

  async function startAgain(): Promise<(LifeStart & { ok: false }) | undefined> {
    await end();
    const start = await startLife(plan, life.url);
    if (!start.ok) return start;
    life = start.life;
    watch(life);
    return undefined;
  }

  return {
    adapter: plan.adapter,
    tls: plan.tls,
    get url() {
      return life.url;
    },
    get abilities() {
      return abilitiesOf(life);
    },
    broadcast: (texts, options) => life.driver.broadcast(texts, options),
    requestForms: (page) => life.driver.requestForms?.(page) ?? [],
    producer: () => life.driver.producer?.(),
    stats: () => life.driver.stats(),
    resources: async () =>
      life.hub.hasEnded || life.hubPid === undefined ? undefined : readProcessResources(life.hubPid),
    pids: () => life.hub.listPids(),
    stop: (deadlineMillis, signal) => {
      life.isEndWanted = true;
      return stopHub(life, deadlineMillis, signal);
    },
    get stopSignals() {
      return life.isHubItself ? STOP_SIGNALS : undefined;
    },
    kill: end,
    async restart() {
      // What goes on after the end of a run must not leave a hub behind.
      if (isClosed) return { ok: false, problem: 'the run is over' };
      const starting = startAgain();
      restarting = starting.catch(() => {});
      return (await starting) ?? { ok: true, target: this };
    },
    died,
    async close() {
      isClosed = true;
      await restarting;
      await end();
    },
  };
}

function abilitiesOf({ driver, resourcesProblem }: Life): TargetAbilities {
  const { missing, ...abilities } = driver.abilities;
  return {
    ...abilities,
    resources: resourcesProblem === undefined,
    restart: true,
    missing: resourcesProblem === undefined ? missing : { ...missing, resources: resourcesProblem },
  };
}
