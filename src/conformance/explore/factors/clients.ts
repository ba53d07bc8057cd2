// Factors: how many clients take part, when they come and go, and how they read.
import { namedFactor, numberFactor } from './factor.ts';

export const CLIENTS_FACTOR = numberFactor(
  'clients',
  1,
  [
    { from: 2, to: 5, weight: 3 },
    { from: 6, to: 20, weight: 2 },
    { from: 21, to: 60 },
    { from: 61, to: 300, weight: 0.15 },
    // More than 512 and more than 1,024: what a hub gets wrong from a smaller number on shows, too.
    { from: 520, to: 700, weight: 0.05, isCostly: true },
    { from: 1_030, to: 1_500, weight: 0.05, isCostly: true },
  ],
  (count) => `${count} clients`,
);

export const JOINS_FACTOR = namedFactor('joins', 'at once', {
  'one by one': 'clients that join one by one',
  'in waves': 'clients that join in waves between events',
  'during events': 'clients that join while events are published',
  'come back': 'clients that leave and come back',
});

export const LEAVES_FACTOR = namedFactor('leaves', 'at the end', {
  close: 'a client that leaves with a closing handshake',
  fin: 'a client that ends its connection in order',
  reset: 'a client that resets its connection',
  'half at once': 'half of the clients leaving at once',
});

/** stay: they go on listening while the next programs run. */
export const AFTERWARDS_FACTOR = namedFactor('afterwards', 'leave', {
  stay: 'clients that stay for the next programs',
});

export const READS_FACTOR = namedFactor('reads', 'at once', {
  late: 'clients that begin to read late',
  trickle: 'clients that read in pauses',
  'behind one': 'one client that reads late beside the others',
});

/** Clients beside the others that stop reading at the socket. */
export const STALL_FACTOR = namedFactor('stall', 'none', {
  below: 'a client that stalls below its buffer',
  'half full': { text: 'a client that stalls for seconds with its buffer half full', isCostly: true },
  above: { text: 'a client that stalls until its buffer overflows', isCostly: true },
  'above, reads on': { text: 'a client that reads on as its buffer overflows', isCostly: true },
  'above, reads later': { text: 'a client that reads on after its buffer has overflowed', isCostly: true },
  'above, sends': {
    text: 'a client that stalls until its buffer overflows and goes on sending',
    isCostly: true,
  },
});

/** Its stalled clients have a small window, and large events fill their buffers. */
export const fillsBuffers = (stall: string): boolean => stall === 'half full' || stall.startsWith('above');

export const STALLED_FACTOR = numberFactor(
  'stalled',
  1,
  [
    { from: 2, to: 4, weight: 2 },
    { from: 5, to: 20, weight: 0.7 },
  ],
  (count) => `${count} stalled clients`,
);

/** What the hub has just been through when the clients join. */
export const BEFORE_FACTOR = namedFactor('before', 'nothing', {
  'refused handshakes': 'refused handshakes before',
  'half handshakes': 'clients before that left during their handshake',
  'joins and leaves': 'a hundred clients before that have left',
  'plain requests': 'plain HTTP requests before',
  'illegal frame': 'a client before that broke the protocol',
  restart: { text: 'a restart of the hub before', isCostly: true },
});
