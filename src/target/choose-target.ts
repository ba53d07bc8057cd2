// From what the user asked for to a started target, or one sentence on why not.

import { startHttpTarget } from './http/http-target.ts';
import { guessBroadcastUrl, probePost } from './http/post-probe.ts';
import { startModuleTarget } from './module/module-target.ts';
import { createObserveTarget } from './observe.ts';
import { FLAG_NAMES } from './option-names.ts';
import { readProcessResources } from './process-facts.ts';
import { findRefused } from './refuse-non-loopback.ts';
import { canConnect, portOpens } from './spawn/await-ready.ts';
import { type ReferenceOptions, startReferenceTarget } from './spawn/reference.ts';
import { startStdioTarget } from './spawn/stdio.ts';
import type { Target, TargetStart } from './target.ts';
import type { TargetChoice } from './target-flags.ts';

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
  switch (choice.kind) {
    case 'reference':
      return startReferenceTarget(reference);
    case 'module':
      return whenListening(await startModuleTarget(choice.file, choice.url, choice), 'the adapter');
    case 'spawn':
      return whenListening(await startStdioTarget(choice), 'the ready line');
    default:
      return (await whyUnusable(choice)) ?? startRunning(choice);
  }
}

/** Some programs print that they are ready just before they listen. */
const LISTEN_DEADLINE_MILLIS = 2_000;

/** `source` said where the hub is. */
async function whenListening(start: TargetStart, source: string): Promise<ChosenTarget> {
  if (!start.ok) return start;
  const { target } = start;
  if (await portOpens(target.url, AbortSignal.timeout(LISTEN_DEADLINE_MILLIS))) return start;
  const problem = `nothing listens at ${target.url}, which ${source} gave: is the hub running, and is the port right?`;
  await target.close();
  return { ok: false, problem };
}

type RunningChoice = Extract<TargetChoice, { kind: 'running' | 'observe' }>;

async function whyUnusable(choice: RunningChoice): Promise<ChosenTarget | undefined> {
  const { url, hubPid, names = FLAG_NAMES } = choice;
  const broadcastUrl = choice.kind === 'running' ? choice.broadcastUrl : undefined;
  const refused = findRefused([url, broadcastUrl], choice);
  if (refused !== undefined) return { ok: false, problem: refused };
  if (!(await canConnect(url))) {
    return { ok: false, problem: `nothing listens at ${url}: is the hub running, and is the port right?` };
  }
  if (hubPid !== undefined && (await readProcessResources(hubPid)) === undefined) {
    const problem = `${names.pid} ${hubPid}: /proc/${hubPid} cannot be read (no such process, or not yours)`;
    return { ok: false, problem };
  }
  return undefined;
}

async function startRunning(choice: RunningChoice): Promise<ChosenTarget> {
  const { url, hubPid, names = FLAG_NAMES } = choice;
  const observe = (reason: string) =>
    createObserveTarget(url, `the hub is only observed${reason}`, hubPid, names);
  if (choice.kind === 'observe') return { ok: true, target: observe(` (${names.observe})`) };
  const { headers, template, broadcastUrl } = choice;
  const options = { url, headers, template, hubPid, names };
  if (broadcastUrl !== undefined) return startHttpTarget({ ...options, broadcastUrl });

  const guess = guessBroadcastUrl(url);
  const probe = await probePost(guess, headers, names);
  if (probe.isThere) return startHttpTarget({ ...options, broadcastUrl: guess.href });
  return {
    ok: true,
    target: observe(`: ${probe.reason}`),
    notice:
      `${probe.reason}, so the hub is only observed; ` +
      `use ${names.broadcastUrl}, ${names.spawn} or ${names.adapter} to make it broadcast`,
  };
}
