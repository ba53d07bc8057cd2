// Turns what a user's adapter returned into a whole Target: fills in what it leaves out, checks what it answers, and
// makes of every throw and every hang a sentence that names the adapter.
import { systemClock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import { isHubUrl } from '../../wire/address/hub-urls.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import { BROADCAST_DEADLINE_MILLIS, readStats, refused, STATS_DEADLINE_MILLIS } from '../driver.ts';
import { findRefused, type RemoteRule } from '../refuse-non-loopback.ts';
import type { BroadcastOutcome, StopOutcome, Target, TargetAbilities, TargetStart } from '../target.ts';

/** A target as an adapter file may write it: what it leaves out it cannot do. */
export type ModuleTarget = Pick<Target, 'url' | 'broadcast'> &
  Partial<
    Omit<
      Target,
      | 'url'
      | 'broadcast'
      | 'requestForms'
      | 'producer'
      | 'abilities'
      | 'tls'
      | 'agreedTls'
      | 'proxy'
      | 'hubs'
      | 'publishers'
      | 'takeTurn'
    >
  > & {
    readonly abilities?: Partial<TargetAbilities>;
  };

const OPTIONAL_METHODS = ['stats', 'resources', 'pids', 'stop', 'kill', 'restart', 'close'] as const;
// A little later than the adapter's own deadline, so that its own error is reported first.
const EXTRA_MILLIS = 2_000;
const RESTART_DEADLINE_MILLIS = 60_000;
const END_DEADLINE_MILLIS = 10_000;

/** One sentence on the first field that does not fit a target, or undefined. */
export function whatIsWrong(created: unknown): string | undefined {
  if (typeof created !== 'object' || created === null) return `createTarget() gave ${String(created)}`;
  const target = created as Record<string, unknown>;
  if (typeof target.url !== 'string' || !isHubUrl(target.url)) {
    return `its url ${JSON.stringify(target.url)} is not a ws:// URL`;
  }
  if (typeof target.broadcast !== 'function') return 'it has no method broadcast';
  const wrong = OPTIONAL_METHODS.find(
    (name) => target[name] !== undefined && typeof target[name] !== 'function',
  );
  return wrong && `its ${wrong} is not a method`;
}

export function guardModuleTarget(
  first: ModuleTarget,
  file: string,
  rule: RemoteRule = {},
  tls?: TlsSettings,
): Target {
  let user = first;
  const deaths = watchDeaths(first);
  const isLacking = (what: string) => `the adapter ${file} has no ${what}`;
  const isBroken = (method: string, error: unknown) =>
    `the adapter ${file} failed in ${method}(): ${error instanceof Error ? error.message : String(error)}`;

  /** `onFailure` makes the result of a throw or a hang. */
  async function guarded<T>(
    method: string,
    call: () => T | Promise<T>,
    deadlineMillis: number,
    onFailure: (problem: string) => T,
  ): Promise<T> {
    try {
      const work = Promise.resolve().then(call);
      return await withDeadline(systemClock, work, deadlineMillis, `answer from ${method}()`);
    } catch (error) {
      return onFailure(isBroken(method, error));
    }
  }

  return {
    adapter: 'module',
    tls,
    get url() {
      return user.url;
    },
    get abilities() {
      return abilitiesOf(user, isLacking);
    },
    async broadcast(texts, options) {
      const deadlineMillis = (options?.deadlineMillis ?? BROADCAST_DEADLINE_MILLIS) + EXTRA_MILLIS;
      const call = () => user.broadcast(texts, options);
      const outcome = await guarded<BroadcastOutcome>('broadcast', call, deadlineMillis, refused);
      return isOutcome(outcome)
        ? outcome
        : refused(`${isBroken('broadcast', `it gave ${JSON.stringify(outcome)}`)}, not an outcome`);
    },
    async stats() {
      const answer = await guarded(
        'stats',
        () => user.stats?.(),
        STATS_DEADLINE_MILLIS,
        () => undefined,
      );
      const counters = readStats(answer);
      return counters && answer?.raw ? answer : counters;
    },
    resources: () =>
      guarded(
        'resources',
        () => user.resources?.(),
        STATS_DEADLINE_MILLIS,
        () => undefined,
      ),
    get stopSignals() {
      const { stopSignals } = user;
      return Array.isArray(stopSignals) && user.stop !== undefined ? stopSignals : undefined;
    },
    async stop(deadlineMillis, signal) {
      if (user.stop === undefined) return { ok: false, problem: isLacking('stop') };
      deaths.expect();
      const call = () => (user as Target).stop(deadlineMillis, signal);
      const fail = (problem: string): StopOutcome => ({ ok: false, problem });
      return guarded('stop', call, deadlineMillis + EXTRA_MILLIS, fail);
    },
    async restart() {
      if (user.restart === undefined) return { ok: false, problem: isLacking('restart') };
      deaths.expect();
      const call = () => (user as Target).restart();
      const fail = (problem: string): TargetStart => ({ ok: false, problem });
      const start = await guarded('restart', call, RESTART_DEADLINE_MILLIS, fail);
      if (!start.ok) return start;
      const wrong = whatIsWrong(start.target) ?? findRefused([start.target.url], rule);
      if (wrong !== undefined) return { ok: false, problem: isBroken('restart', wrong) };
      user = start.target;
      deaths.watch(user);
      return { ok: true, target: this };
    },
    // Closing is best effort: a failure here no longer matters to the run.
    kill() {
      deaths.expect();
      return guarded(
        'kill',
        () => user.kill?.(),
        END_DEADLINE_MILLIS,
        () => undefined,
      );
    },
    close: () =>
      guarded(
        'close',
        () => user.close?.(),
        END_DEADLINE_MILLIS,
        () => undefined,
      ),
    pids: first.pids === undefined ? undefined : () => pidsOf(user),
    died: deaths.died,
  };
}

/** Nothing where it throws; a number that is no process id could mean a whole group. */
function pidsOf(user: ModuleTarget): readonly number[] {
  try {
    const listed: unknown = user.pids?.();
    return Array.isArray(listed) ? listed.filter((pid) => Number.isSafeInteger(pid) && pid > 1) : [];
  } catch {
    return [];
  }
}

/** The deaths that the kit did not request, of the target that is there now. */
function watchDeaths(first: ModuleTarget) {
  let isExpected = false;
  let latest: Promise<string> | undefined;
  let tell: (sentence: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    tell = resolve;
  });
  function watch({ died: own }: ModuleTarget): void {
    isExpected = false;
    // The same target as before may have reported the end that the kit requested.
    if (own === undefined || own === latest) return;
    latest = own;
    own.then(
      (sentence) => {
        if (own === latest && !isExpected) tell(sentence);
      },
      () => {},
    );
  }
  watch(first);
  return {
    died,
    watch,
    expect() {
      isExpected = true;
    },
  };
}

function abilitiesOf(user: ModuleTarget, isLacking: (what: string) => string): TargetAbilities {
  const said = user.abilities ?? {};
  const abilities = {
    broadcast: said.broadcast ?? true,
    batch: said.batch ?? true,
    stats: said.stats ?? user.stats !== undefined,
    resources: said.resources ?? user.resources !== undefined,
    restart:
      said.restart ?? (user.stop !== undefined && user.kill !== undefined && user.restart !== undefined),
  };
  const lacking = Object.entries(abilities).filter(([, has]) => !has);
  const reasons = Object.fromEntries(lacking.map(([name]) => [name, isLacking(name)]));
  return { ...abilities, missing: { ...reasons, ...said.missing } };
}

function isOutcome(outcome: unknown): outcome is BroadcastOutcome {
  if (typeof outcome !== 'object' || outcome === null) return false;
  const fields = outcome as Record<string, unknown>;
  return fields.ok === true
    ? Number.isSafeInteger(fields.accepted)
    : fields.ok === false && typeof fields.problem === 'string' && typeof fields.kind === 'string';
}
