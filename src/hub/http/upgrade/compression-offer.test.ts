// Offers of compression that the hub accepts, and those that it declines.
import { describe, expect, it } from 'vitest';
import { hasAcceptableOffer } from './compression-offer.ts';

describe('hasAcceptableOffer', () => {
  it.each([
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    'permessage-deflate;client_max_window_bits="10"',
    'x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=10, permessage-deflate',
  ])('accepts %s', (header) => expect(hasAcceptableOffer(header)).toBe(true));

  it.each([
    undefined,
    '',
    'x-webkit-deflate-frame',
    'permessage-deflate; server_max_window_bits=15',
    'permessage-deflate; client_max_window_bits=16',
    'permessage-deflate; client_max_window_bits=08',
    'permessage-deflate; client_max_window_bits; client_max_window_bits=10',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; constructor',
    'permessage-deflate;',
    'permessage-deflate; client_max_window_bits=',
    'permessage-deflate permessage-deflate',
  ])('declines %s', (header) => expect(hasAcceptableOffer(header)).toBe(false));
});
