// Opens what `--out` names, all or none, and speaks to them as one.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import type { Output, OutputContext, OutputSpec } from './output.ts';

export interface Outputs {
  /** Where each can be found. */
  readonly where: readonly string[];
  take(view: ProgressView): void;
  end(how: 'whole' | 'partial'): Promise<void>;
}

export async function openOutputs(
  specs: readonly OutputSpec[],
  context: OutputContext,
): Promise<Parsed<Outputs>> {
  const outputs: Output[] = [];
  for (const spec of specs) {
    const opened = await open(spec, context);
    if (!opened.ok) {
      await Promise.all(outputs.map((output) => output.end('partial')));
      return unparsed(opened.problem);
    }
    outputs.push(opened.value);
  }
  return parsed({
    where: outputs.map(({ where }) => where),
    take(view) {
      for (const output of outputs) output.take(view);
    },
    async end(how) {
      await Promise.all(outputs.map((output) => output.end(how)));
    },
  });
}

/** Each is loaded only when it is asked for: the SDK alone takes longer to load than the kit. */
async function open(spec: OutputSpec, context: OutputContext): Promise<Parsed<Output>> {
  if (spec.kind === 'ndjson') return (await import('./ndjson.ts')).openNdjson(spec.path, context);
  if (spec.kind === 'prometheus')
    return (await import('./prometheus.ts')).openPrometheus(spec.host, spec.port, context);
  return parsed((await import('./otlp.ts')).openOtlp(spec.url, context));
}
