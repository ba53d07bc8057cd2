// The checks of the chapter origin: which pages may connect.
import type { Check } from '../check.ts';
import {
  absentAllowed,
  anySchemeAllowed,
  defaultsAllowed,
  emptyAllowed,
  extrasAllowed,
  localHostsAllowed,
} from './origin/allowed.ts';
import { generatedOrigins } from './origin/generated.ts';
import { extrasExact } from './origin/listed-neighbors.ts';
import { parserProfile } from './origin/parser-profile.ts';
import { refusalEnds, refusalHasNoEffect, refusedWith403 } from './origin/refusal.ts';
import {
  containsRefused,
  foreignRefused,
  lookAlikesRefused,
  nullRefused,
  prefixRefused,
  suffixRefused,
} from './origin/refused-hosts.ts';
import {
  credentialsChangeNothing,
  headerNameInAnyCase,
  sameHostRefused,
  severalHeaders,
} from './origin/refused-requests.ts';

export const originChecks: readonly Check[] = [
  absentAllowed,
  emptyAllowed,
  defaultsAllowed,
  extrasAllowed,
  localHostsAllowed,
  anySchemeAllowed,
  foreignRefused,
  nullRefused,
  prefixRefused,
  suffixRefused,
  containsRefused,
  lookAlikesRefused,
  extrasExact,
  headerNameInAnyCase,
  credentialsChangeNothing,
  severalHeaders,
  sameHostRefused,
  refusedWith403,
  refusalHasNoEffect,
  refusalEnds,
  generatedOrigins,
  parserProfile,
];
