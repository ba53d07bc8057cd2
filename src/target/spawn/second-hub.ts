// Whether a second hub of the same kind may be started beside the first. Where both would listen on one port, the second does
// not start, or takes half of the clients of the first (SO_REUSEPORT).
import { readPorts } from '../../wire/address/local-ports.ts';
import { portOf } from '../../wire/hub-address.ts';
import { FLAG_NAMES } from '../option-names.ts';
import type { TargetChoice } from '../target-flags.ts';

/** The range for ports that nobody has named, where the system does not say (RFC 6335). */
const USUAL_PORTS = { first: 49_152, last: 65_535 } as const;

/** `url`: where clients of the first one connect. Undefined: nothing speaks against it. */
export async function whyNoSecondHub(choice: TargetChoice, url: string): Promise<string | undefined> {
  const { spawn, broadcastUrl } = choice.names ?? FLAG_NAMES;
  if (choice.kind === 'reference') return undefined;
  if (choice.kind !== 'spawn')
    return `a second hub can be started only where the hub is started by a command (${spawn})`;
  if (choice.url !== undefined)
    return `the hub listens at the URL that is given with ${spawn}, ${choice.url}`;
  if (choice.broadcastUrl !== undefined)
    return `events go to one hub, at the URL that is given with ${broadcastUrl}`;
  const port = portOf(url);
  if (port === undefined)
    return 'the hub listens on a Unix socket, and a second one would listen on the same';
  const ports = (await readPorts()) ?? USUAL_PORTS;
  return isFree(port, ports, [choice.command, ...Object.values(process.env)])
    ? undefined
    : `the hub listens on port ${port}, and a second one would listen on the same: make the command listen on a free port (0)`;
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Whether the system has chosen the port, and will choose another one for a second hub. */
export function isFree(
  port: number,
  { first, last }: PortRange,
  texts: readonly (string | undefined)[],
): boolean {
  const named = new RegExp(`(?<!\\d)${port}(?!\\d)`);
  return port >= first && port <= last && !texts.some((text) => text !== undefined && named.test(text));
}
