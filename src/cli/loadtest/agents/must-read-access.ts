// From the flags of a NATS server to how it is reached. Apart from the flags, which help and completion load.
import { type NatsAccess, readNatsAccess } from '../../../agents/nats/nats-access.ts';
import { SECRETS } from '../../../kit/secrets.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { UsageError } from '../../options/usage-error.ts';
import type { NATS_OPTIONS } from './nats-options.ts';

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
  // A server may quote them.
  for (const secret of [access.value.password, access.value.token]) if (secret) SECRETS.add(secret);
  return access.value;
}
