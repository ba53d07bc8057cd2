// What one broadcast request carries: one envelope, many as NDJSON, or one inside the user's own template for an API
// that requires other fields around it. Pure, so that every rule on bodies is tested without a server.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export interface RequestBody {
  readonly contentType: string;
  readonly text: string;
}

export interface BodyTemplate {
  /** As it was written. */
  readonly text: string;
  /** The body for one envelope, from its JSON text. */
  fill(envelopeText: string): string;
}

const AS_JSON = '{{envelope}}';
const AS_STRING = '{{envelopeString}}';

/** A template holds `{{envelope}}` (the envelope as JSON) or `{{envelopeString}}` (the same inside a JSON string). */
export function parseBodyTemplate(template: string): Parsed<BodyTemplate> {
  if (!template.includes(AS_JSON) && !template.includes(AS_STRING)) {
    return unparsed(`the template must hold ${AS_JSON} or ${AS_STRING} where the event goes`);
  }
  return parsed({
    text: template,
    fill: (envelopeText) =>
      template
        .split(AS_JSON)
        .map((part) => part.split(AS_STRING).join(JSON.stringify(envelopeText)))
        .join(envelopeText),
  });
}

export function encodeSingle(envelopeText: string, template?: BodyTemplate): RequestBody {
  return { contentType: 'application/json', text: template?.fill(envelopeText) ?? envelopeText };
}

export function encodeBatch(envelopeTexts: readonly string[]): RequestBody {
  return { contentType: 'application/x-ndjson', text: envelopeTexts.map(encodeLine).join('\n') };
}

/** Line ends in JSON text are white space between tokens, so one line says the same. */
export function encodeLine(envelopeText: string): string {
  if (!envelopeText.includes('\n') && !envelopeText.includes('\r')) return envelopeText;
  return envelopeText.replace(/[\r\n]+/g, ' ');
}

/** Cuts a call's events into requests of at most `maxChars` and `maxEvents`; a single event may be larger. */
export function cutBatches(
  envelopeTexts: readonly string[],
  maxChars: number,
  maxEvents: number,
): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let chars = 0;
  for (const text of envelopeTexts) {
    const last = batches.at(-1);
    if (last !== undefined && last.length < maxEvents && chars + text.length <= maxChars) {
      last.push(text);
      chars += text.length + 1;
    } else {
      batches.push([text]);
      chars = text.length;
    }
  }
  return batches;
}
