// Draws handshakes with many things unusual at once: legal ones, and such from foreign origins. Pure.
import type { Random } from '../../../../kit/random.ts';
import { HANDSHAKE_FACTORS } from '../../../explore/factors/all-factors.ts';
import { CLIENT_FACTOR } from '../../../explore/factors/client-headers.ts';
import type { Factor } from '../../../explore/factors/factor.ts';
import { ORIGIN_FACTOR } from '../../../explore/factors/origins.ts';
import {
  ADDRESS_FACTOR,
  QUERY_FACTOR,
  SUBPROTOCOL_FACTOR,
} from '../../../explore/factors/request-headers.ts';
import { type Program, withValue } from '../../../explore/program/program.ts';
import { EVERY_KIND } from '../../../inputs/handshakes/client-headers.ts';

/** Of the factors that are not plain: few at once name a bug best, many at once have every pair soon. */
const SHARES = [0.15, 0.35, 0.5, 0.7] as const;
/** With these a correct hub may refuse, so most handshakes have none of them. */
const MAY_BE_REFUSED: readonly Factor[] = [QUERY_FACTOR, SUBPROTOCOL_FACTOR];
const MAY_BE_REFUSED_SHARE = 0.12;
const FOREIGN_SHARE = 0.35;
const ALLOWED_SHARE = 0.3;
/** Handshakes at the beginning in which everything is unusual. */
const EVERYTHING = ['allowed', 'foreign', 'allowed', 'foreign'] as const;

/** Drawn one by one. */
const VARIED = HANDSHAKE_FACTORS.filter(
  (factor) => factor !== ORIGIN_FACTOR && factor !== ADDRESS_FACTOR && !MAY_BE_REFUSED.includes(factor),
);

/** `isAllowed` decides about a value of the factor `origin`. */
export function drawHandshakes(
  random: Random,
  count: number,
  isAllowed: (origin: string) => boolean,
): readonly Program[] {
  const values = ORIGIN_FACTOR.classes.filter((value) => value !== ORIGIN_FACTOR.plain);
  const origins = {
    allowed: values.filter(isAllowed),
    foreign: values.filter((value) => !isAllowed(value)),
    none: [String(ORIGIN_FACTOR.plain)],
  };
  const pick = <T>(list: readonly T[]): T => list[random.between(0, list.length - 1)] as T;
  return Array.from({ length: count }, (_, at) => {
    const isEverything = at < EVERYTHING.length;
    const share = isEverything ? 1 : pick(SHARES);
    let program: Program = { seed: random.between(1, 2 ** 31 - 1), factors: {} };
    const vary = (factor: Factor, chance: number): void => {
      if (random.next() < chance) program = withValue(program, factor, drawValue(factor, random));
    };
    for (const factor of VARIED) vary(factor, share);
    for (const factor of MAY_BE_REFUSED) vary(factor, MAY_BE_REFUSED_SHARE);
    const kind = EVERYTHING[at] ?? drawKind(random);
    return withValue(program, ORIGIN_FACTOR, pick(origins[kind]));
  });
}

function drawKind(random: Random): 'allowed' | 'foreign' | 'none' {
  const chance = random.next();
  if (chance < FOREIGN_SHARE) return 'foreign';
  return chance < FOREIGN_SHARE + ALLOWED_SHARE ? 'allowed' : 'none';
}

/** The kinds of clients are drawn themselves. */
function drawValue(factor: Factor, random: Random): string | number {
  const value = factor.draw(random);
  return factor === CLIENT_FACTOR && value === EVERY_KIND ? drawValue(factor, random) : value;
}
