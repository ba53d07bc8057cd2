// A running hub that is made to broadcast over HTTP.

import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import { createExternalTarget } from '../external.ts';
import type { OptionNames } from '../option-names.ts';
import type { TargetStart } from '../target.ts';
import type { Header } from './broadcast-header.ts';
import type { BodyTemplate } from './http-body.ts';
import { startHttpDriver } from './http-driver.ts';

export interface HttpOptions {
  /** Where clients connect. */
  readonly url: string;
  readonly broadcastUrl: string;
  readonly headers?: readonly Header[] | undefined;
  readonly template?: BodyTemplate | undefined;
  /** The hub's process, for memory and descriptors. */
  readonly hubPid?: number | undefined;
  readonly names?: OptionNames | undefined;
  readonly tls?: TlsSettings | undefined;
}

export async function startHttpTarget(options: HttpOptions): Promise<TargetStart> {
  const { url, hubPid, ...driverOptions } = options;
  const start = await startHttpDriver(driverOptions);
  if (!start.ok) return { ok: false, problem: `the broadcast URL cannot be used: ${start.problem}` };
  const { driver } = start;
  const { names, tls } = options;
  return { ok: true, target: createExternalTarget({ adapter: 'http', url, driver, hubPid, names, tls }) };
}
