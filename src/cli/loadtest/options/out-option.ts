// The value of --out: where live numbers go, `KIND=WHERE`.
import type { OutputSpec } from '../../../load/outputs/output.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';

const FORMS = 'prometheus=[HOST]:PORT, otlp=URL or ndjson=FILE';
const MAX_PORT = 65_535;

export function parseOut(text: string): Parsed<OutputSpec> {
  const [, kind, where = ''] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  if (kind === 'ndjson') return parsed({ kind, path: where });
  if (kind === 'otlp') return parseOtlp(where);
  if (kind === 'prometheus') return parsePrometheus(where);
  return unparsed(`"${text}" is none of ${FORMS}`);
}

function parseOtlp(url: string): Parsed<OutputSpec> {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  return protocol === 'http:' || protocol === 'https:'
    ? parsed({ kind: 'otlp', url })
    : unparsed(`"${url}" is no http or https URL, such as http://127.0.0.1:4318`);
}

/** Without a host only this machine may ask. */
function parsePrometheus(where: string): Parsed<OutputSpec> {
  const [, host = '', digits = ''] = /^(?:\[?([^\]]*)\]?:)?(\d+)$/.exec(where) ?? [];
  const port = Number(digits);
  if (digits === '' || port > MAX_PORT)
    return unparsed(`"${where}" is no [HOST]:PORT with a port of 0 to ${MAX_PORT}, such as :9464`);
  return parsed({ kind: 'prometheus', host: host === '' ? '127.0.0.1' : host, port });
}
