// The checks of the chapter model: what nobody thought of, found by chance and shrunk to the smallest program.
import type { Check } from '../check.ts';
import { explored } from './model/explored.ts';
import { randomPrograms } from './model/random-programs.ts';

export const modelChecks: readonly Check[] = [randomPrograms, explored];
