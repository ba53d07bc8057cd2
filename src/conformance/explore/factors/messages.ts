// Factors: what clients send, and when.
import { namedFactor } from './factor.ts';

export const SENDS_FACTOR = namedFactor('sends', 'nothing', {
  text: 'a client that sends text',
  binary: 'a client that sends a binary message',
  'binary 16 KiB': 'a client that sends binary messages of up to 16 KiB',
  empty: 'a client that sends empty messages',
  fragments: 'a client that sends a fragmented message',
  'ping inside': 'a client that sends a ping between fragments',
  'ping empty': 'a client that sends an empty ping',
  'ping full': 'a client that sends a ping of 125 bytes',
  'ping bytes': 'a client that sends a ping of random length',
  'pings at once': 'a client that sends many pings at once',
  pong: 'a client that sends unsolicited pongs',
  'text 125': 'a client that sends texts of 125 to 127 bytes',
  'text 16 KiB': 'a client that sends a text of 16 KiB',
  'event text': 'a client that sends an event of its own',
  'many texts': 'a client that sends many texts',
  generated: 'a client that sends generated messages and control frames',
  'compressed text': 'a client that sends compressed texts',
  'compressed fragments': 'a client that sends a compressed message in fragments',
  'compressed and generated': 'a client that sends generated messages, compressed or not',
  'compressed bomb': { text: 'a client that sends 4 MiB compressed', weight: 0.5 },
  'fragmented bomb': { text: 'a client that sends 4 MiB in fragments', weight: 0.5 },
});

export const SENDS_WHEN_FACTOR = namedFactor('sends-when', 'before', {
  between: 'sent between events',
  together: 'sent while events are published',
});

/** Of everything that a client sends, Pongs and Closes as well. */
export const WRITES_FACTOR = namedFactor('writes', 'whole', {
  torn: 'clients whose frames arrive in pieces',
  joined: 'clients whose frames arrive together',
});

export const SENDERS_FACTOR = namedFactor('senders', 'one', { all: 'all clients sending' });
