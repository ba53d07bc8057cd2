// What people write for clients that come back: `backoff(min=250ms,max=8s,factor=2,jitter=full)` or `immediately`, each for
// one cohort with its name before it (`NAME=immediately`).
import { parseDurationMillis } from '../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { suggest } from '../../units/suggest.ts';
import type { ReconnectPolicy } from './reconnect.ts';

const WORDS = ['backoff', 'immediately'] as const;
const PARAMETERS = ['min', 'max', 'factor', 'jitter'] as const;
type Parameter = (typeof PARAMETERS)[number];

const DEFAULTS = { min: '250ms', max: '8s', factor: '2', jitter: 'full' } as const;

/** For one cohort, or for all that a hub must keep. */
export interface ReconnectRule {
  readonly cohort: string | undefined;
  readonly policy: ReconnectPolicy;
}

export function parseReconnect(text: string): Parsed<ReconnectRule> {
  const [, cohort, words = ''] = /^\s*(?:([A-Za-z][A-Za-z0-9_-]*)\s*=\s*)?(.*?)\s*$/s.exec(text) ?? [];
  const policy = parsePolicy(words);
  return policy.ok ? parsed({ cohort, policy: policy.value }) : policy;
}

function parsePolicy(text: string): Parsed<ReconnectPolicy> {
  const [, word = '', list] = /^([A-Za-z-]+)\s*(?:\(([^()]*)\))?$/.exec(text) ?? [];
  if (word === 'immediately')
    return list === undefined ? parsed({ kind: 'immediately' }) : unparsed('immediately takes no parameters');
  if (word === 'backoff') return parseBackoff(list ?? '');
  const meant = suggest(word, WORDS);
  return unparsed(
    `"${text}" is not a way to come back${meant ? `; did you mean ${meant}?` : ': write backoff(min=250ms,max=8s,factor=2,jitter=full) or immediately'}`,
  );
}

function parseBackoff(list: string): Parsed<ReconnectPolicy> {
  const given = new Map<string, string>();
  for (const item of list.split(',').filter((one) => one.trim() !== '')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(item) ?? [];
    if (!(PARAMETERS as readonly string[]).includes(name))
      return unparsed(`backoff takes no "${item.trim()}"; it takes ${PARAMETERS.join(', ')}`);
    if (given.has(name)) return unparsed(`backoff: ${name} is given twice`);
    given.set(name, value);
  }
  const textOf = (name: Parameter) => given.get(name) ?? DEFAULTS[name];
  const [min, max] = [parseDurationMillis(textOf('min')), parseDurationMillis(textOf('max'))];
  if (!min.ok) return unparsed(`backoff: min: ${min.problem}`);
  if (!max.ok) return unparsed(`backoff: max: ${max.problem}`);
  if (min.value < 1) return unparsed('backoff: min must be at least 1ms; write immediately for none');
  if (max.value < min.value) return unparsed('backoff: max must be at least min');
  const [factor, jitter] = [Number(textOf('factor')), textOf('jitter')];
  if (!(factor >= 1 && factor <= 100)) return unparsed(`backoff: factor=${textOf('factor')} is not 1 to 100`);
  if (jitter !== 'full' && jitter !== 'none')
    return unparsed(`backoff: jitter=${jitter} is not full or none`);
  return parsed({ kind: 'backoff', minMillis: min.value, maxMillis: max.value, factor, jitter });
}

/** The words that parse to this policy. */
export function renderReconnect(policy: ReconnectPolicy): string {
  if (policy.kind === 'immediately') return policy.kind;
  const { minMillis, maxMillis, factor, jitter } = policy;
  return `backoff(min=${minMillis}ms,max=${maxMillis}ms,factor=${factor},jitter=${jitter})`;
}
