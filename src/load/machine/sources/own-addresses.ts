// Which addresses are this machine's: those that a socket can be bound to. Interfaces alone do not say it, as a whole network may be
// local without being on one.
import { createServer } from 'node:net';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import type { LocalAddresses } from './local-address-language.ts';

/** All of them, each once; the problem names an address that is not of this machine. */
export async function findOwnAddresses(
  written: readonly LocalAddresses[],
  isOwn: (address: string) => Promise<boolean> = canBind,
): Promise<Parsed<readonly string[]>> {
  const found = new Set<string>();
  for (const { written: text, addresses, isNetwork } of written) {
    const are = await Promise.all(addresses.map(isOwn));
    const own = addresses.filter((_, at) => are[at]);
    const stranger = addresses.find((_, at) => !are[at]);
    if (isNetwork && own.length === 0)
      return unparsed(`this machine has no address in ${text}; ${HOW_TO_SEE}`);
    if (!isNetwork && stranger !== undefined)
      return unparsed(
        `${stranger} is no address of this machine${stranger === text ? '' : ` (of ${text})`}; ${HOW_TO_SEE}`,
      );
    for (const address of own) found.add(address);
  }
  return parsed([...found]);
}

const HOW_TO_SEE = 'ip address shows those it has, ip address add gives it another';

function canBind(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: address, port: 0, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
