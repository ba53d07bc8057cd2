// Flags for load from several machines: where the NATS server is over which they find each other, and who this program is there.
import { type NatsAccess, parseNatsUrl, readNatsAccess } from '../../../agents/nats/nats-access.ts';
import { parsed } from '../../../units/parsed.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { integer, single, text } from '../../options/option.ts';
import { UsageError } from '../../options/usage-error.ts';

const group = 'Other machines:';

export const DEFAULT_POOL = 'default';

export const NATS_OPTIONS = {
  nats: {
    ...single(
      'NATS server over which agents and coordinator find each other: nats://[USER:PASSWORD@]HOST[:PORT], or tls://',
      'URL',
      (url) => {
        const access = parseNatsUrl(url);
        return access.ok ? parsed(url) : access;
      },
    ),
    group,
  },
  pool: { ...text(`Which agents belong together [${DEFAULT_POOL}]`, 'NAME'), group },
  'nats-creds': { ...text('Credentials file of this program for NATS', 'FILE'), group },
  'nats-ca': { ...text('Certificate to trust for NATS (PEM)', 'FILE'), group },
  'nats-cert': { ...text('Certificate of this program for NATS (PEM); needs --nats-key', 'FILE'), group },
  'nats-key': { ...text('Its private key (PEM)', 'FILE'), group },
} as const;

/** Of a coordinator. */
export const AGENTS_OPTIONS = {
  agents: {
    ...integer(
      'Run the clients on so many machines, each with norn-loadtest agent; --workers is then for each',
      'N',
      1,
      1_000,
    ),
    group,
  },
  ...NATS_OPTIONS,
} as const;

const FLAG_OF = {
  url: 'nats',
  creds: 'nats-creds',
  ca: 'nats-ca',
  cert: 'nats-cert',
  key: 'nats-key',
} as const;

/** Throws UsageError, naming the flag. */
export function mustReadAccess(url: string, values: OptionValues<typeof NATS_OPTIONS>): NatsAccess {
  const access = readNatsAccess({
    url,
    creds: values['nats-creds'],
    ca: values['nats-ca'],
    cert: values['nats-cert'],
    key: values['nats-key'],
  });
  if (!access.ok) throw new UsageError(`--${FLAG_OF[access.option]}: ${access.problem}`);
  return access.value;
}
