// The flag --out and its value: the destination of live numbers, `KIND=WHERE`.
import type { OutputSpec } from '../../../load/outputs/output.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { repeatable } from '../../options/option.ts';

const FORMS = 'prometheus=[HOST]:PORT, otlp=URL or ndjson=FILE';
const MAX_PORT = 65_535;

export const OUT_OPTION = {
  out: {
    ...repeatable(`Export live numbers: ${FORMS}; repeatable`, 'KIND=WHERE', parseOut),
    group: 'Reports:',
  },
} as const;

export function parseOut(text: string): Parsed<OutputSpec> {
  const [, kind, where = ''] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  if (kind === 'ndjson') return parsed({ kind, path: where });
  if (kind === 'otlp') return parseOtlp(where);
  if (kind === 'prometheus') return parsePrometheus(where);
  return unparsed(`expected ${FORMS}, got "${text}"`);
}

function parseOtlp(url: string): Parsed<OutputSpec> {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  return protocol === 'http:' || protocol === 'https:'
    ? parsed({ kind: 'otlp', url })
    : unparsed(`expected an http or https URL, such as http://127.0.0.1:4318, got "${url}"`);
}

/** Without a host it listens on loopback only. */
function parsePrometheus(where: string): Parsed<OutputSpec> {
  const [, host = '', digits = ''] = /^(?:\[?([^\]]*)\]?:)?(\d+)$/.exec(where) ?? [];
  const port = Number(digits);
  if (digits === '' || port > MAX_PORT)
    return unparsed(`expected [HOST]:PORT with a port from 0 to ${MAX_PORT}, such as :9464, got "${where}"`);
  return parsed({ kind: 'prometheus', host: host === '' ? '127.0.0.1' : host, port });
}
