// `--broadcast-header 'Name: value'`: parsed once at the edge, so that a bad one is reported before anything starts.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export type Header = readonly [name: string, value: string];

// These belong to the connection, not to the request's meaning; a wrong value would break every request.
const RESERVED = ['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding', 'upgrade'];

export function parseBroadcastHeader(text: string): Parsed<Header> {
  const colon = text.indexOf(':');
  if (colon <= 0) return unparsed(`'${text}' is not of the form 'Name: value'`);
  const name = text.slice(0, colon).trim();
  const value = text.slice(colon + 1).trim();
  if (RESERVED.includes(name.toLowerCase())) return unparsed(`the header ${name} is set by the kit itself`);
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    return unparsed(`'${text}' is not a valid HTTP header`);
  }
  return parsed([name, value]);
}
