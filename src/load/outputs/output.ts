// Where live numbers of a run go beside the screen. An output watches: whatever becomes of it, the run goes on.
// (contract; implementations: prometheus.ts, otlp.ts, ndjson.ts)
import type { ProgressView } from '../run-options.ts';

export interface Output {
  /** Where it can be found, for people: an URL or a path. */
  readonly where: string;
  /** Told several times a second; never waits, never throws. */
  take(view: ProgressView): void;
  /** Hands over what is left, within its own deadline. Gives what went wrong on the way, one sentence, if anything did. */
  end(how: 'whole' | 'partial'): Promise<string | undefined>;
}

/** What `--out` may name. */
export type OutputSpec =
  | { readonly kind: 'prometheus'; readonly host: string; readonly port: number }
  | { readonly kind: 'otlp'; readonly url: string }
  | { readonly kind: 'ndjson'; readonly path: string };
