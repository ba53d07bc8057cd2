// What norn-loadtest agent takes on its command line.
import { text } from '../../options/option.ts';
import { NATS_OPTIONS } from '../agents/nats-options.ts';

export const AGENT_SPEC = {
  program: 'norn-loadtest agent',
  usage: '--nats URL [options]',
  describe:
    'Lends this machine to load tests that run elsewhere: it waits for a coordinator (norn-loadtest --agents N --nats URL), runs its share of the clients, and is free again. Whoever may use the NATS server may make it load a hub.',
  maxPositionals: 0,
  options: {
    ...NATS_OPTIONS,
    name: { ...text('Name in reports [host and process]', 'NAME'), group: NATS_OPTIONS.nats.group },
  },
  examples: [['norn-loadtest agent --nats nats://10.0.0.5', 'on each machine that has clients']],
  exitCodes: [
    [0, 'ended by a signal'],
    [2, 'bad usage or bad file'],
    [3, 'the NATS server could not be reached, or refused this program'],
  ],
} as const;
