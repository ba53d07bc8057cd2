// From what the user asked for to a started target, or one sentence on why not.

import { whyUnresolved } from '../wire/address/resolve-host.ts';
import { addressOf } from '../wire/hub-address.ts';
import { isTlsUrl } from '../wire/tls/tls-settings.ts';
import { startHttpTarget } from './http/http-target.ts';
import { guessBroadcastUrl, probePost } from './http/post-probe.ts';
import { startModuleTarget } from './module/module-target.ts';
import { createObserveTarget } from './observe.ts';
import { FLAG_NAMES, type OptionNames } from './option-names.ts';
import { readProcessResources } from './process-facts.ts';
import { findProxy } from './proxy/find-proxy.ts';
import { findRefused } from './refuse-non-loopback.ts';
import { canConnect, portOpens } from './spawn/await-ready.ts';
import { type ReferenceOptions, startReferenceTarget } from './spawn/reference.ts';
import { whyNoSecondHub } from './spawn/second-hub.ts';
import { startStdioTarget } from './spawn/stdio.ts';
import type { Target, TargetStart } from './target.ts';
import type { TargetChoice } from './target-flags.ts';
import { probeTls, speaksTls } from './tls/tls-probe.ts';

export type ChosenTarget =
  | {
      readonly ok: true;
      readonly target: Target;
      /** What the user should know before the results: that the hub is only observed, and what would change it. */
      readonly notice?: string;
    }
  | { readonly ok: false; readonly problem: string };

/** `reference` is for the hub the kit starts when no other is named. */
export async function startChosenTarget(
  choice: TargetChoice,
  reference: ReferenceOptions = {},
): Promise<ChosenTarget> {
  const start = await startHub(choice, reference);
  if (!start.ok) return start;
  start.target.identity = choice.identity;
  start.target.proxy = await proxyBefore(start.target, choice);
  const { url } = start.target;
  start.target.startSecond = () => startSecond(choice, reference, url);
  return start;
}

async function startSecond(
  choice: TargetChoice,
  reference: ReferenceOptions,
  firstUrl: string,
): Promise<TargetStart> {
  const why = await whyNoSecondHub(choice, firstUrl);
  if (why !== undefined) return { ok: false, problem: why };
  const start = await startChosenTarget(choice, reference);
  if (!start.ok)
    return { ok: false, problem: `a second hub does not start beside the first: ${start.problem}` };
  if (start.target.url !== firstUrl) return start;
  await start.target.close();
  return { ok: false, problem: `a second hub listens where the first does, at ${firstUrl}` };
}

/** A hub that the kit started is reached as it says; of others it is found out. */
async function proxyBefore(target: Target, choice: TargetChoice): Promise<string | undefined> {
  if (choice.isBehindProxy === false) return undefined;
  const isGiven = choice.isBehindProxy === true;
  if (!isGiven && choice.kind !== 'running' && choice.kind !== 'observe') return undefined;
  const hubPid = 'hubPid' in choice ? choice.hubPid : undefined;
  return (await findProxy(target, hubPid)) ?? (isGiven ? 'a proxy' : undefined);
}

async function startHub(choice: TargetChoice, reference: ReferenceOptions): Promise<ChosenTarget> {
  switch (choice.kind) {
    case 'reference':
      return startReferenceTarget(reference);
    case 'module':
      return whenListening(
        await startModuleTarget(choice.file, choice.url, choice, choice.tls),
        'the adapter',
        choice.names,
      );
    case 'spawn':
      return whenListening(await startStdioTarget(choice), 'the ready line', choice.names);
    default:
      return (await whyUnusable(choice)) ?? reachRunning(choice);
  }
}

/** Some programs print that they are ready just before they listen. */
const LISTEN_DEADLINE_MILLIS = 2_000;

/** `source` said where the hub is. */
async function whenListening(start: TargetStart, source: string, names?: OptionNames): Promise<ChosenTarget> {
  if (!start.ok) return start;
  const { target } = start;
  const isOpen = await portOpens(target.url, AbortSignal.timeout(LISTEN_DEADLINE_MILLIS));
  const reached: ChosenTarget = isOpen
    ? await overTls(target, names)
    : {
        ok: false,
        problem: `nothing listens at ${target.url}, which ${source} gave: is the hub running, and is the port right?`,
      };
  if (!reached.ok) await target.close();
  return reached;
}

/** The target with what its TLS handshake agreed on; unchanged without TLS. */
async function overTls(target: Target, names?: OptionNames): Promise<ChosenTarget> {
  if (!isTlsUrl(target.url)) return { ok: true, target };
  const probe = await probeTls(target.url, target.tls, names);
  if (!probe.ok) return probe;
  target.agreedTls = probe.agreed;
  return { ok: true, target };
}

type RunningChoice = Extract<TargetChoice, { kind: 'running' | 'observe' }>;

async function whyUnusable(choice: RunningChoice): Promise<ChosenTarget | undefined> {
  const { url, hubPid, names = FLAG_NAMES } = choice;
  const broadcastUrl = choice.kind === 'running' ? choice.broadcastUrl : undefined;
  const refused = findRefused([url, broadcastUrl], choice);
  if (refused !== undefined) return { ok: false, problem: refused };
  if (!(await canConnect(url))) {
    return { ok: false, problem: await whyUnreachable(url) };
  }
  if (hubPid !== undefined && (await readProcessResources(hubPid)) === undefined) {
    const problem = `${names.pid} ${hubPid}: /proc/${hubPid} cannot be read (no such process, or not yours)`;
    return { ok: false, problem };
  }
  return undefined;
}

async function whyUnreachable(url: string): Promise<string> {
  const address = addressOf(url);
  const unresolved = address.socketPath === undefined ? await whyUnresolved(address.host) : undefined;
  if (unresolved !== undefined) return `${url}: ${unresolved}`;
  return `nothing listens at ${url}: is the hub running, and is the port right?`;
}

/** TLS first: with a certificate that is not accepted nothing else is worth trying. */
async function reachRunning(choice: RunningChoice): Promise<ChosenTarget> {
  const { url, tls, names } = choice;
  if (!isTlsUrl(url)) return startRunning(choice);
  const probe = await probeTls(url, tls, names);
  if (!probe.ok) return probe;
  const start = await startRunning(choice);
  if (start.ok) start.target.agreedTls = probe.agreed;
  return start;
}

async function startRunning(choice: RunningChoice): Promise<ChosenTarget> {
  const { url, hubPid, tls, names = FLAG_NAMES } = choice;
  const observe = (reason: string) =>
    createObserveTarget(url, `the hub is only observed${reason}`, { hubPid, names, tls });
  if (choice.kind === 'observe') return { ok: true, target: observe(` (${names.observe})`) };
  const { headers, template, broadcastUrl } = choice;
  const options = { url, headers, template, hubPid, names, tls };
  if (broadcastUrl !== undefined) return startHttpTarget({ ...options, broadcastUrl });

  const guess = guessBroadcastUrl(url);
  const probe = await probePost(guess, headers, names, tls);
  if (probe.isThere) return startHttpTarget({ ...options, broadcastUrl: guess.href });
  if (probe.isCut && !isTlsUrl(url) && (await speaksTls(url)))
    return { ok: false, problem: `${url}: it speaks TLS there: use wss://` };
  return {
    ok: true,
    target: observe(`: ${probe.reason}`),
    notice:
      `${probe.reason}, so the hub is only observed; ` +
      `use ${names.broadcastUrl}, ${names.spawn} or ${names.adapter} to make it broadcast`,
  };
}
