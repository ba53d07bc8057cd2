// Factor: the complete handshake of common clients.
import { EVERY_KIND } from '../../inputs/handshakes/client-headers.ts';
import { namedFactor } from './factor.ts';

export const CLIENT_FACTOR = namedFactor('client', 'minimal', {
  chrome: 'the headers of Chrome',
  firefox: 'the headers of Firefox',
  safari: 'the headers of Safari',
  curl: 'the headers of curl',
  go: 'the headers of a Go client',
  python: 'the headers of a Python client',
  node: 'the headers of a Node client',
  gateway: 'headers in lower case, as a gateway writes them',
  [EVERY_KIND]: 'clients of different kinds side by side',
});
