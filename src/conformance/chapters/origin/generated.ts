// The origin rule against the hub, on generated origins: what a browser can send, near the borders of the rule. The
// expectation is the rule itself as Go decides it; on what browsers send, all its versions agree.
import fc from 'fast-check';
import { DEFAULT_ALLOWED_ORIGINS } from '../../../protocol/limits.ts';
import { judgeOrigin } from '../../../protocol/origin-rule.ts';
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { basisOfAttempts, type OriginAttempt, openControl, tryOrigin } from './origin-attempt.ts';

const GENERATED_ORIGINS = 150;
const TIME_LIMIT_MILLIS = 20_000;

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/);
const affix = fc.constantFrom('', '', '', 'evil', 'a-', 'x.', '1');
const ending = fc.constantFrom('', '', '', '.evil.example', '.localdomain', '-x', '.com', '.', '0');

const nearLocal = fc
  .tuple(affix, fc.constantFrom('localhost', '127.0.0.1'), ending)
  .map((parts) => parts.join(''));
const address = fc
  .tuple(fc.constantFrom(10, 127, 192), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((octets) => octets.join('.'));
const address6 = fc.ipV6().map((text) => `[${text}]`);
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));

const local = fc.constantFrom(...LOCAL_NAMES);
const host = fc.oneof({ weight: 2, arbitrary: local }, nearLocal, address, address6, domain);
const port = fc
  .oneof(fc.constant(undefined), fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 65_535 }))
  .map((number) => (number === undefined ? '' : `:${number}`));
const webOrigin = fc
  .tuple(fc.constantFrom('http', 'https'), host, port)
  .map(([scheme, name, at]) => serialize(`${scheme}://${name}${at}`));
// Web views and extensions: their hosts are written as they are.
const appOrigin = fc
  .tuple(
    fc.constantFrom('capacitor', 'ionic', 'tauri', 'app', 'chrome-extension', 'moz-extension'),
    fc.oneof(fc.constant('localhost'), label),
  )
  .map(([scheme, name]) => `${scheme}://${name}`);

/** As a browser writes it: lower case, canonical addresses, no default port; null where it is not a URL. */
function serialize(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : 'null';
}

/** Origins that browsers can send; shrinks towards plain local ones. */
const browserOrigins: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: webOrigin },
  { weight: 1, arbitrary: appOrigin },
);

export const generatedOrigins: Check = {
  id: 'origin.generated',
  chapter: 'origin',
  title: 'generated origins are accepted or refused as the rule says',
  level: 'must',
  clause: {
    source: 'protocol: Origin Checking',
    quote:
      '1. Empty origin → allowed (non-browser clients) 2. Origin in the allowed origins list → allowed 3. Origin hostname is `localhost`, `127.0.0.1`, or `::1` → allowed 4. Otherwise → rejected',
  },
  needs: [],
  deadlineMillis: 120_000,
  explain:
    "This check covers cases that no list of examples contains: it generates 150 origins from the seed of the run around the edges of the rule, each as a browser would write it, and compares the hub's answer with the rule. A disagreement is shrunk to the simplest origin that shows it.",
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    await openControl(lab);
    const allowed = [...DEFAULT_ALLOWED_ORIGINS, ...lab.settings.allowedOrigins];
    let last: { readonly got: string; readonly attempt: OriginAttempt } | undefined;
    const property = fc.asyncProperty(browserOrigins, async (origin) => {
      const { isAllowed, reason } = judgeOrigin(origin, allowed);
      const attempt = await tryOrigin(lab, origin);
      if ((attempt.outcome === 'accepted') === isAllowed) return true;
      last = { got: `${attempt.text}, but ${reason}`, attempt };
      return false;
    });
    const run = await fc.check(property, {
      seed: lab.settings.seed,
      numRuns: GENERATED_ORIGINS,
      interruptAfterTimeLimit: TIME_LIMIT_MILLIS,
    });
    const counted = `${run.numRuns} origins, seed ${run.seed}`;
    if (last === undefined) return pass({ evidence: [counted] });
    return fail(
      { expected: 'the answer of the rule', got: last.got },
      { evidence: [counted, `path ${run.counterexamplePath}`], ...basisOfAttempts([last.attempt]) },
    );
  },
};
