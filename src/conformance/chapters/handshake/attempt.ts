// One handshake that differs from the legal one, and how the hub took it: the form that most checks of the chapter have.
import { FACTS, type FindingExtras } from '../../finding.ts';
import type { Exchange } from '../../lab/exchange.ts';
import { describeExchange } from '../../lab/exchange.ts';
import { encodeHandshake, type HandshakeLines } from '../../lab/handshake-bytes.ts';
import type { Lab } from '../../lab/lab.ts';

export interface Variant {
  /** What is different, for evidence. */
  readonly name: string;
  readonly change: HandshakeLines;
}

export interface Attempt {
  readonly name: string;
  readonly exchange: Exchange;
  /** The HTTP status, or undefined without an answer. */
  readonly status: number | undefined;
  readonly text: string;
}

export async function attempt(lab: Lab, { name, change }: Variant, pieces = 1): Promise<Attempt> {
  const request = encodeHandshake(lab.url, change);
  const exchange = await lab.exchange(request.bytes, { pieces });
  const response = exchange.kind === 'answer' ? exchange.response : undefined;
  if (exchange.kind === 'answer') exchange.connection.destroy();
  const text = `${name}: ${describeExchange(exchange)}`;
  lab.note(text);
  return { name, exchange, status: response?.status, text };
}

export async function attemptAll(lab: Lab, variants: readonly Variant[]): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const variant of variants) attempts.push(await attempt(lab, variant));
  return attempts;
}

/** Control: a hub that accepts nothing has not refused this or that. Undefined when it upgrades a correct handshake. */
export async function findDeafness(lab: Lab): Promise<string | undefined> {
  const legal = await attempt(lab, { name: 'a correct handshake', change: {} });
  return legal.status === 101 ? undefined : legal.text;
}

/** A breach that some of these handshakes show: one without an answer may have been late. */
export const basisOfExchanges = (shown: readonly Pick<Attempt, 'exchange'>[]): FindingExtras =>
  shown.every(({ exchange }) => exchange.kind === 'silence') ? {} : FACTS;
