// What the hub answers to an HTTP request, as a value.

export interface Answer {
  readonly status: number;
  /** Text as it is; anything else as JSON. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, body: { error }, headers };
}

export function notAllowed(allow: string): Answer {
  return problem(405, `only ${allow} here`, { Allow: allow });
}
