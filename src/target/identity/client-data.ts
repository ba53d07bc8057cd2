// The file of `--client-data`: one row for each client, as CSV with a header row or as NDJSON. What is in it are often
// tokens, so a message names lines and columns, never values.
import { type CsvError, parse } from 'csv-parse/sync';
import { parseJson } from '../../files/json-text.ts';
import { MAX_DATA_BYTES, readLimitedFile } from '../../files/limited-file.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export interface ClientData {
  readonly columns: readonly string[];
  /** Values in the order of the columns; empty where a row has none. */
  readonly rows: readonly (readonly string[])[];
}

/** The problem does not name the file. */
export function readClientData(file: string): Parsed<ClientData> {
  const text = readLimitedFile(file, MAX_DATA_BYTES);
  if (!text.ok) return text;
  const data = text.value.trimStart().startsWith('{') ? parseNdjson(text.value) : parseCsv(text.value);
  if (!data.ok || data.value.rows.length > 0) return data;
  return unparsed(
    'no rows in it; expected one for each client, below a header row (CSV) or as JSON (NDJSON)',
  );
}

function parseCsv(text: string): Parsed<ClientData> {
  let records: string[][];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    return unparsed(describeCsvError(error as CsvError));
  }
  const [header = [], ...rows] = records;
  const columns = header.map((name) => name.trim());
  const unnamed = columns.indexOf('');
  if (unnamed >= 0) return unparsed(`column ${unnamed + 1} of the header row has no name`);
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) return unparsed(`two columns are called ${twice}`);
  return parsed({ columns, rows });
}

/** Its own messages quote values. */
function describeCsvError({ code, lines }: CsvError): string {
  const line = `line ${String(lines)}`;
  if (code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH')
    return `${line} has another number of values than the header row`;
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `${line}: a quoted value is not closed`;
  return `${line} is not CSV (${code})`;
}

function parseNdjson(text: string): Parsed<ClientData> {
  const objects: Readonly<Record<string, unknown>>[] = [];
  const columns = new Map<string, number>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const object = parseJson(line);
    if (typeof object !== 'object' || object === null || Array.isArray(object))
      return unparsed(`line ${at + 1} is not a JSON object`);
    for (const [name, value] of Object.entries(object)) {
      if (value !== null && typeof value === 'object')
        return unparsed(`line ${at + 1}: ${name} is not a text, a number or a boolean`);
      if (!columns.has(name)) columns.set(name, columns.size);
    }
    objects.push(object as Readonly<Record<string, unknown>>);
  }
  const names = [...columns.keys()];
  const rows = objects.map((object) =>
    names.map((name) => (Object.hasOwn(object, name) ? String(object[name] ?? '') : '')),
  );
  return parsed({ columns: names, rows });
}
