// A table as text, before anything decides how it looks.

export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
