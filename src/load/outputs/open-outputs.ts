// Opens what `--out` names, all or none, and speaks to them as one.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { ProgressView } from '../run-options.ts';
import { openNdjson } from './ndjson.ts';
import type { Output, OutputSpec } from './output.ts';
import { openPrometheus } from './prometheus.ts';

export interface Outputs {
  /** Where each can be found. */
  readonly where: readonly string[];
  take(view: ProgressView): void;
  /** What went wrong with them, one sentence each. */
  end(how: 'whole' | 'partial'): Promise<readonly string[]>;
}

export async function openOutputs(
  specs: readonly OutputSpec[],
  startedAt: string,
  kitVersion: string,
): Promise<Parsed<Outputs>> {
  const outputs: Output[] = [];
  for (const spec of specs) {
    const opened = await open(spec, startedAt, kitVersion);
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
      const problems = await Promise.all(outputs.map((output) => output.end(how)));
      return problems.filter((problem) => problem !== undefined);
    },
  });
}

async function open(spec: OutputSpec, startedAt: string, kitVersion: string): Promise<Parsed<Output>> {
  if (spec.kind === 'ndjson') return openNdjson(spec.path, startedAt);
  if (spec.kind === 'prometheus') return openPrometheus(spec.host, spec.port);
  const { openOtlp } = await import('./otlp.ts');
  return parsed(openOtlp(spec.url, kitVersion));
}
