// The result of reading something a person wrote: a value, or one sentence on what is wrong with it.
// Apart because every parser of the kit (flags, files, thresholds, behaviours) answers in this shape.

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** `problem` is one sentence without a final stop: it names the value and the rule it breaks. */
export function unparsed<T>(problem: string): Parsed<T> {
  return { ok: false, problem };
}
