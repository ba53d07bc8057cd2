// An adapter of the user's own: `--adapter FILE` default-exports `createTarget()`. What it throws is reported
// as an adapter error and never reaches a check.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import { findRefused, type RemoteRule } from '../refuse-non-loopback.ts';
import type { TargetStart } from '../target.ts';
import { guardModuleTarget, type ModuleTarget, whatIsWrong } from './module-guard.ts';

export interface CreateTargetOptions {
  /** The URL of the command line, where there was one. */
  readonly url?: string;
}

/** What an adapter file default-exports. Only `url` and `broadcast` are needed of the target. */
export type CreateTarget = (options: CreateTargetOptions) => ModuleTarget | Promise<ModuleTarget>;

const CREATE_DEADLINE_MILLIS = 30_000;

export async function startModuleTarget(
  file: string,
  url?: string,
  rule: RemoteRule = {},
  tls?: TlsSettings,
): Promise<TargetStart> {
  const path = resolve(file);
  const failed = (what: string): TargetStart => ({ ok: false, problem: `the adapter ${file} ${what}` });
  if (!existsSync(path)) return failed('does not exist');
  let exported: { default?: unknown };
  try {
    exported = (await import(pathToFileURL(path).href)) as typeof exported;
  } catch (error) {
    return failed(`could not be loaded: ${describeError(error, path)}`);
  }
  if (typeof exported.default !== 'function') {
    return failed('has no default export that is a function: export default function createTarget() { … }');
  }
  let created: unknown;
  try {
    const options = url === undefined ? {} : { url };
    const creating = Promise.resolve((exported.default as CreateTarget)(options));
    created = await withDeadline(systemClock, creating, CREATE_DEADLINE_MILLIS, 'target from createTarget()');
  } catch (error) {
    return failed(`failed in createTarget(): ${describeError(error, path)}`);
  }
  const wrong = whatIsWrong(created);
  if (wrong !== undefined) return failed(`returned a target that cannot be used: ${wrong}`);
  const target = guardModuleTarget(created as ModuleTarget, file, rule, tls);
  const refused = findRefused([target.url], rule);
  if (refused === undefined) return { ok: true, target };
  await target.close();
  return failed(`returned a target that cannot be used: ${refused}`);
}

/** The error's message and, where the stack tells, the line of the user's file. */
function describeError(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error);
  const position = error.stack?.split('\n').find((line) => line.includes(path));
  const line = position && /:(\d+)(?::\d+)?\)?$/.exec(position.trim())?.[1];
  return `${error.name}: ${error.message.split('\n')[0]}${line ? ` (line ${line})` : ''}`;
}
