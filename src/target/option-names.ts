// How the caller writes the options that say which hub is meant: as flags, or as options of the library. Messages name them.

import {
  IDENTITY_FLAG_NAMES,
  IDENTITY_OPTION_NAMES,
  type IdentityFlagNames,
} from './identity/identity-flags.ts';
import { TLS_FLAG_NAMES, TLS_OPTION_NAMES, type TlsFlagNames } from './tls/tls-flags.ts';

export interface OptionNames extends TlsFlagNames, IdentityFlagNames {
  readonly url: string;
  readonly spawn: string;
  readonly adapter: string;
  readonly broadcastUrl: string;
  readonly broadcastHeader: string;
  readonly broadcastTemplate: string;
  readonly observe: string;
  readonly pid: string;
  readonly behindProxy: string;
  readonly allowRemoteTarget: string;
}

export const FLAG_NAMES: OptionNames = {
  ...TLS_FLAG_NAMES,
  ...IDENTITY_FLAG_NAMES,
  url: 'the URL',
  spawn: '--spawn',
  adapter: '--adapter',
  broadcastUrl: '--broadcast-url',
  broadcastHeader: '--broadcast-header',
  broadcastTemplate: '--broadcast-template',
  observe: '--observe',
  pid: '--pid',
  behindProxy: '--behind-proxy',
  allowRemoteTarget: '--allow-remote-target',
};

/** The same names as options of the library. */
export const LIBRARY_NAMES: OptionNames = {
  ...TLS_OPTION_NAMES,
  ...IDENTITY_OPTION_NAMES,
  url: 'url',
  spawn: 'spawn',
  adapter: 'adapter',
  broadcastUrl: 'broadcastUrl',
  broadcastHeader: 'broadcastHeader',
  broadcastTemplate: 'broadcastTemplate',
  observe: 'observe',
  pid: 'pid',
  behindProxy: 'behindProxy',
  allowRemoteTarget: 'allowRemoteTarget: true',
};
