// A hub in any language, started with `--spawn 'CMD'`: it prints a ready line and is driven by http where it names a
// broadcastUrl, or else by JSON lines on its stdin.

import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import type { Header } from '../http/broadcast-header.ts';
import type { BodyTemplate } from '../http/http-body.ts';
import { startHttpDriver } from '../http/http-driver.ts';
import { guessBroadcastUrl, probePost } from '../http/post-probe.ts';
import { FLAG_NAMES } from '../option-names.ts';
import { findRefused, type RemoteRule } from '../refuse-non-loopback.ts';
import type { TargetStart } from '../target.ts';
import { canConnect } from './await-ready.ts';
import { parseCommand } from './command-words.ts';
import { startLineDriver } from './line-driver.ts';
import type { ReadyLine } from './ready-line.ts';
import { startSpawned } from './spawned.ts';

export interface StdioOptions extends RemoteRule {
  /** The command as a person writes it: words and quotes, or anything /bin/sh understands. */
  readonly command: string;
  /** Where clients connect; without it the ready line must name it. */
  readonly url?: string | undefined;
  /** Where to POST events; without it the ready line may name it; otherwise stdin is used. */
  readonly broadcastUrl?: string | undefined;
  readonly headers?: readonly Header[] | undefined;
  readonly template?: BodyTemplate | undefined;
  readonly tls?: TlsSettings | undefined;
  /** Milliseconds from the start to the ready line; long enough for a command that compiles first. */
  readonly startDeadlineMillis?: number | undefined;
}

const START_DEADLINE_MILLIS = 30_000;

export async function startStdioTarget(options: StdioOptions): Promise<TargetStart> {
  const { names = FLAG_NAMES } = options;
  const command = parseCommand(options.command);
  if (!command.ok) return { ok: false, problem: `${names.spawn}: ${command.problem}` };
  const refused = findRefused([options.url, options.broadcastUrl], options);
  if (refused !== undefined) return { ok: false, problem: refused };
  if (options.url !== undefined && (await canConnect(options.url))) {
    const problem = `something already listens at ${options.url}: stop it, or leave ${names.spawn} out to judge it`;
    return { ok: false, problem };
  }
  return startSpawned({
    adapter: 'stdio',
    command: () => command.value,
    async chooseDriver(hub, line) {
      const broadcastUrl = options.broadcastUrl ?? line.broadcastUrl ?? (await findPost(options, line));
      if (broadcastUrl === undefined) return { ok: true, driver: await startLineDriver(hub) };
      const { headers, template, tls } = options;
      return startHttpDriver({ broadcastUrl, headers, template, names, tls });
    },
    startDeadlineMillis: options.startDeadlineMillis ?? START_DEADLINE_MILLIS,
    givenUrl: options.url,
    isRemoteAllowed: options.isRemoteAllowed,
    names,
    tls: options.tls,
  });
}

// A hub known only by the user's URL named no broadcastUrl, but it may have the reference hub's route.
async function findPost(options: StdioOptions, line: ReadyLine): Promise<string | undefined> {
  if (options.url === undefined || line.url !== undefined) return undefined;
  const guess = guessBroadcastUrl(options.url);
  return (await probePost(guess, options.headers, options.names, options.tls)).isThere
    ? guess.href
    : undefined;
}
