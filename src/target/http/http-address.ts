// Where `node:http` sends a request, of an http, https or http+unix URL.
import type { RequestOptions } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import { lookupOfHost } from '../../wire/address/resolve-host.ts';
import { addressOf, requestUrlOf } from '../../wire/hub-address.ts';

export function httpAddressOf(url: URL): RequestOptions {
  const { socketPath } = addressOf(url);
  if (socketPath === undefined) return { ...urlToHttpOptions(url), lookup: lookupOfHost };
  const { pathname, search } = requestUrlOf(url);
  return { socketPath, path: pathname + search };
}
