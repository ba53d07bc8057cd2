// The handshake that a program asks for. Pure.
import type { HandshakeChoice } from '../../inputs/handshakes/client-handshake.ts';
import { FACTOR_OF_PART } from '../factors/all-factors.ts';
import { factorValue, type Program } from './program.ts';

export function handshakeChoiceOf(program: Program): HandshakeChoice {
  const parts = Object.entries(FACTOR_OF_PART).map(([part, factor]) => [
    part,
    String(factorValue(program, factor)),
  ]);
  return { ...(Object.fromEntries(parts) as Omit<HandshakeChoice, 'seed'>), seed: program.seed };
}
