// Where live numbers of a run go beside the screen. An output watches: whatever becomes of it, the run goes on.
// (contract; implementations: prometheus.ts, otlp.ts, ndjson.ts)
import type { Clock } from '../../time/clock.ts';
import type { ProgressView } from '../coordinator/run-options.ts';

export interface Output {
  /** Where it can be found, for people: an URL or a path. */
  readonly where: string;
  /** Called several times a second; never waits, never throws. A view with less elapsed time begins another run. */
  take(view: ProgressView): void;
  /** Hands over what is left, within its own deadline; never rejects. */
  end(how: 'whole' | 'partial'): Promise<void>;
}

export interface OutputContext {
  readonly clock: Clock;
  readonly kitVersion: string;
  /** Tells apart what several programs hand out at the same time. */
  readonly instance: string;
  /** Takes one sentence on what went wrong with an output; each has few, and none twice. */
  readonly warn: (sentence: string) => void;
}

/** What `--out` may name. */
export type OutputSpec =
  | { readonly kind: 'prometheus'; readonly host: string; readonly port: number }
  | { readonly kind: 'otlp'; readonly url: string }
  | { readonly kind: 'ndjson'; readonly path: string };
