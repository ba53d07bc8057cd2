// Which URL parser decides about origins: identified by forms that no browser sends and on which parsers differ.
import type { Check } from '../../check.ts';
import { error, listSome, pass } from '../../finding.ts';
import { type OriginAttempt, openControl, requireOriginChecking, tryOrigin } from './origin-attempt.ts';

const PROBES = {
  bracketedName: 'http://[localhost]',
  bracketsAtTheEnd: 'http://evil.example[::1]',
  bareAddress: 'http://::1:3000',
  hexAddress: 'http://0x7f.1',
  noScheme: '//localhost:3000',
  upperCase: 'http://LOCALHOST',
} as const;
type ProbeName = keyof typeof PROBES;

/** The forms that each parser accepts; it refuses every other form. */
const PROFILES: readonly (readonly [name: string, accepted: readonly ProbeName[]])[] = [
  ['Go-A', ['bracketedName', 'bareAddress', 'noScheme']],
  ['Go-B', ['bracketsAtTheEnd', 'bareAddress', 'noScheme']],
  ['Go-C', ['bareAddress', 'noScheme']],
  ['Go-D', ['noScheme']],
  ['WHATWG', ['hexAddress', 'upperCase']],
  ['exact names', []],
];

const MEANING: Readonly<Record<string, string>> = {
  'Go-A': 'net/url up to Go 1.24.7 or 1.25.1',
  'Go-B': 'net/url of Go 1.24.8 and later, 1.25.2 to 1.25.7, 1.26.0',
  'Go-C': 'net/url from Go 1.25.8 and 1.26.1 on',
  'Go-D': 'net/url with strict colons',
  WHATWG: 'new URL() as in browsers and Node',
  'exact names': 'a pattern, or a parser stricter than those of Go and of browsers',
};

function nameProfile(acceptedForms: ReadonlySet<ProbeName>): string {
  const names = Object.keys(PROBES) as ProbeName[];
  const found = PROFILES.find(([, accepted]) =>
    names.every((name) => acceptedForms.has(name) === accepted.includes(name)),
  );
  return found?.[0] ?? 'other';
}

export const parserProfile: Check = {
  id: 'origin.parser-profile',
  chapter: 'origin',
  title: 'which URL parser decides about origins',
  level: 'info',
  clause: {
    source: 'protocol: Origin Checking',
    quote: 'Origin hostname is `localhost`, `127.0.0.1`, or `::1` → allowed',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Parsers disagree on malformed origins, and Go changed its rules several times. No browser sends such forms, so none of them fails a hub. The set of accepted forms identifies the parser, and its version range, that the hub was built with.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    await openControl(lab);
    await requireOriginChecking(lab);
    const acceptedForms = new Set<ProbeName>();
    const silent: OriginAttempt[] = [];
    for (const [name, origin] of Object.entries(PROBES) as [ProbeName, string][]) {
      const answer = await tryOrigin(lab, origin);
      if (answer.outcome === 'accepted') acceptedForms.add(name);
      if (answer.outcome === 'silent') silent.push(answer);
    }
    if (silent.length > 0) return error(`no answer to ${listSome(silent.map(({ text }) => text))}`);
    const profile = nameProfile(acceptedForms);
    const evidence = [
      `${profile}: ${MEANING[profile] ?? `accepts ${[...acceptedForms].join(', ') || 'none of them'}`}`,
    ];
    return pass({ evidence, measurements: { originParser: { value: profile } } });
  },
};
