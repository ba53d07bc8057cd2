// A strict parser of the Prometheus text format 0.0.4: an invalid line throws. It shares no code with the writer, so that
// tests do not trust the code under test.

export interface ReadMetric {
  readonly type: string;
  readonly samples: readonly ReadSample[];
}

interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const TYPES = ['counter', 'gauge', 'histogram'];

/** By the name of the TYPE line; samples must follow the one they belong to. */
export function parseMetricsText(text: string): Map<string, ReadMetric> {
  if (!text.endsWith('\n')) throw new Error('the text must end with a line feed');
  const metrics = new Map<string, { type: string; samples: ReadSample[] }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, typed, type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (typed !== undefined) {
      if (metrics.has(typed) || !TYPES.includes(type)) throw new Error(`bad type line: ${line}`);
      metrics.set(typed, { type, samples: [] });
      current = typed;
    } else if (!/^# HELP \S+ ./.test(line)) {
      const sample = parseSample(line);
      const isOwn = sample.name.replace(/_(bucket|sum|count)$/, '') === current || sample.name === current;
      if (!isOwn) throw new Error(`a sample outside of its metric: ${line}`);
      metrics.get(current)?.samples.push(sample);
    }
  }
  return metrics;
}

/** The value of the one sample with this name and these labels; NaN when there is none. */
export function sampleValue(
  metrics: ReadonlyMap<string, ReadMetric>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  for (const { samples } of metrics.values())
    for (const sample of samples)
      if (sample.name === name && JSON.stringify(Object.entries(sample.labels).sort()) === wanted)
        return sample.value;
  return Number.NaN;
}

function parseSample(line: string): ReadSample {
  const [, name, pairs = '', digits = ''] = SAMPLE.exec(line) ?? [];
  const value = Number(digits.replace('+Inf', 'Infinity'));
  if (name === undefined || digits === '' || Number.isNaN(value)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = pairs; rest !== ''; ) {
    const [whole, key, text] = LABEL.exec(rest) ?? [];
    if (whole === undefined || key === undefined || text === undefined || key in labels)
      throw new Error(`bad labels: ${line}`);
    labels[key] = text.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value };
}
