// Factors: how one and the same handshake is written, how it arrives, and on what connection. HTTP allows all of it.
import { namedFactor } from './factor.ts';

export const NAMES_FACTOR = namedFactor('names', 'as is', {
  lower: 'header names in lower case',
  upper: 'header names in upper case',
  swapped: 'header names such as oRIGIN',
  random: 'header names in mixed case',
});

export const SPACES_FACTOR = namedFactor('spaces', 'one', {
  none: 'no space after the colon of headers',
  several: 'several spaces after the colon of headers',
  tab: 'a tab after the colon of headers',
  trailing: 'spaces after the values of headers',
  'trailing tab': 'a tab after the values of headers',
  random: 'different spaces around the values of headers',
});

export const ORDER_FACTOR = namedFactor('order', 'usual', {
  reversed: 'headers in reverse order',
  shuffled: 'headers in random order',
});

export const LISTS_FACTOR = namedFactor('lists', 'as usual', {
  tight: 'Connection: keep-alive,Upgrade and other lists without spaces',
  spaced: 'Connection: keep-alive , Upgrade and other lists with spaces before commas',
  'line each': 'Connection and other lists in several header lines',
});

export const ARRIVAL_FACTOR = namedFactor('arrival', 'whole', {
  cut: 'a request that arrives in two pieces',
  'cut twice': 'a request that arrives in three pieces',
  'cut in a line end': 'a request that is cut between CR and LF',
  'cut in the end': 'a request that is cut within the CR LF CR LF at its end',
  'last bytes one by one': 'a request whose last bytes arrive one by one',
  'first bytes one by one': 'a request whose first bytes arrive one by one',
});

/** Where the hub keeps the connection. */
export const USED_FACTOR = namedFactor('used', 'for nothing', {
  'for a page': 'a connection on which GET / was answered before',
  'for a plain request': 'a connection on which a plain GET was answered before',
  'for a refused handshake': 'a connection on which a foreign Origin was refused before',
});
