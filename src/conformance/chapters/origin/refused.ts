// Origins that must be turned away (protocol: Origin Checking, rule 4), class by class: each class is what one wrong way
// to compare lets in. Only origins that a browser can send are tested; but in contains-refused also what shows that a part of
// the header is taken for the whole, and in null-refused malformed origins.
import { DEFAULT_ALLOWED_ORIGINS } from '../../../protocol/limits.ts';
import type { Check } from '../../check.ts';
import { fail, listSome, pass } from '../../finding.ts';
import { describeExchange } from '../../lab/exchange.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import type { Lab } from '../../lab/lab.ts';
import { FOREIGN_ORIGIN, knock, knockAll, openControl } from './knock.ts';

const DEADLINE_MILLIS = 180_000;
const REJECTED = 'Otherwise → rejected';
const JUDGED =
  'Anything but 101 is a refusal here (origin.refused-with-403 judges its form). A control client without Origin must be served first, so that a hub that accepts nobody does not pass.';

type Parts = Pick<Check, 'id' | 'title' | 'explain'>;

function refusedCheck(parts: Parts, origins: (lab: Lab) => readonly string[]): Check {
  return {
    ...parts,
    chapter: 'origin',
    level: 'must',
    clause: { source: 'protocol: Origin Checking', quote: REJECTED },
    needs: [],
    deadlineMillis: DEADLINE_MILLIS,
    explain: `${parts.explain} ${JUDGED}`,
    isolation: 'shared',
    async run(lab) {
      await openControl(lab);
      const listed = new Set(lab.settings.allowedOrigins);
      const knocks = await knockAll(
        lab,
        origins(lab).filter((origin) => !listed.has(origin)),
      );
      const letIn = knocks.filter(({ outcome }) => outcome === 'accepted');
      if (letIn.length === 0) return pass();
      return fail({ expected: 'no 101 for a foreign origin', got: listSome(letIn.map(({ text }) => text)) });
    },
  };
}

export const foreignRefused = refusedCheck(
  {
    id: 'origin.foreign-refused',
    title: 'a foreign origin is refused',
    explain:
      'Any web page can open a WebSocket to localhost, and the Origin header is the only protection: a hub that ignores it lets every page that a developer visits read the events (cross-site WebSocket hijacking).',
  },
  () => [
    'http://evil.example',
    'https://evil.example',
    'https://evil.example:5173',
    'http://norn.dev',
    'http://192.168.1.10:3000',
    'http://10.0.0.1',
    'http://[2001:db8::1]',
    'https://xn--80ak6aa92e.com',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://3c0a1e52-6f1a-4b7e-9d0e-0c2d4f1a7b11',
  ],
);

export const nullRefused = refusedCheck(
  {
    id: 'origin.null-refused',
    title: 'the origins null and file://, and malformed origins, are refused',
    explain:
      'Any page can get the origin "null" from inside a sandboxed frame, and local files send it, too; a hub that treats unparsable origins as harmless fails open. The check also sends origins that no parser accepts, and a name that browsers accept and some parsers do not.',
  },
  () => ['null', 'file://', 'http://[evil', 'http://evil.example:port', 'http://a{b.evil.example'],
);

export const prefixRefused = refusedCheck(
  {
    id: 'origin.prefix-refused',
    title: 'a host that only starts like a local one is refused',
    explain:
      'Comparing with startsWith lets in http://localhost.evil.example, a name that anybody can register.',
  },
  () => [
    'http://localhost.evil.example',
    'http://localhost.evil.example:3000',
    'https://localhost-evil.example',
    'http://localhostevil.example',
    'http://localhost.localdomain',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1.nip.io',
    'http://127.0.0.1.nip.io:5173',
    'http://[::1:2]',
    'http://[::1:2]:3000',
  ],
);

export const suffixRefused = refusedCheck(
  {
    id: 'origin.suffix-refused',
    title: 'a host that only ends like a local one is refused',
    explain: 'Comparing with endsWith lets in http://evillocalhost and every subdomain of localhost.',
  },
  () => [
    'http://evillocalhost',
    'http://evil-localhost:3000',
    'http://foo.localhost',
    'http://foo.localhost:5173',
    'http://evil.example.localhost',
    'http://not127.0.0.1.example',
  ],
);

export const containsRefused = refusedCheck(
  {
    id: 'origin.contains-refused',
    title: 'a local name elsewhere in the header is not accepted as the host',
    explain:
      'Searching the header for "localhost" finds it in a path, a query or a user name. Browsers can send hosts such as a.localhost.example; they cannot send the other forms, which show that the hub mistakes a part for the whole.',
  },
  () => [
    'http://a.localhost.example',
    'http://my-localhost-page.example',
    'http://a.127.0.0.1.example',
    'http://evil.example/localhost',
    'http://evil.example?localhost',
    'http://evil.example#localhost',
    'http://evil.example/http://localhost:3000',
    'http://localhost@evil.example',
    'http://localhost:3000@evil.example',
  ],
);

export const lookAlikesRefused = refusedCheck(
  {
    id: 'origin.look-alikes-refused',
    title: 'hosts that mean this machine but are not on the list are refused',
    explain:
      "The rule is three exact names. Other addresses of this machine, such as 127.0.0.2, 0.0.0.0 or the mapped IPv4 address, may belong to another user's service, and localhost. with its dot is resolved elsewhere.",
  },
  () => [
    'http://127.0.0.2',
    'http://127.0.0.2:3000',
    'http://127.1.1.1',
    // Dots of a pattern that were meant as dots.
    'http://127a0b0c1',
    'http://127-0-0-1:3000',
    'http://0.0.0.0',
    'http://0.0.0.0:5173',
    'http://[::]',
    'http://[::2]',
    'http://[::ffff:7f00:1]',
    'http://[::ffff:7f00:1]:3000',
    'http://localhost.',
    'http://localhost.:3000',
    'http://ip6-localhost',
    // Names of the local network, which any machine in it may take.
    'http://norn.local',
    'http://norn.lan:3000',
  ],
);

export const extrasExact = refusedCheck(
  {
    id: 'origin.extras-exact',
    title: 'origins that resemble a listed one are refused',
    explain:
      'The list holds exact origins. Another scheme, another port, a subdomain, the parent domain, a longer or shorter name, another character in place of a dot, and a trailing dot make a different origin, which somebody else may own.',
  },
  // Without --allowed-origin only the defaults are listed, and those are local: their neighbours by name still must not pass.
  (lab) => [...new Set([...lab.settings.allowedOrigins, ...DEFAULT_ALLOWED_ORIGINS].flatMap(neighbours))],
);

const LOCAL_ORIGIN = /^\w+:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Origins a browser can send that are not `listed`, but look like it. Local ones are left out: another rule lets them in. */
function neighbours(listed: string): readonly string[] {
  if (!URL.canParse(listed) || new URL(listed).origin === 'null') return [];
  const { protocol, hostname, port } = new URL(listed);
  const otherScheme = protocol === 'https:' ? 'http:' : 'https:';
  const withPort = port === '' ? '' : `:${port}`;
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  const others = [
    `${otherScheme}//${hostname}${withPort}`,
    `${protocol}//${hostname}:${port === '8443' ? '8444' : '8443'}`,
    ...(isAddress
      ? []
      : [
          `${protocol}//${hostname}.${withPort}`,
          `${protocol}//evil.${hostname}${withPort}`,
          `${protocol}//evil${hostname}${withPort}`,
          `${protocol}//www.${hostname}${withPort}`,
          `${protocol}//${hostname}.evil.example${withPort}`,
          `${protocol}//${hostname.replace('.', 'x')}${withPort}`,
          // Parts of the listed one: what gets in when the two are compared the wrong way round.
          `${protocol}//${hostname.replace(/^[^.]+\./, '')}${withPort}`,
          `${protocol}//${hostname.slice(0, -1)}${withPort}`,
        ]),
    ...(port.length > 1 ? [`${protocol}//${hostname}:${port.slice(0, -1)}`, `${protocol}//${hostname}`] : []),
    ...(port !== '' && !isAddress ? [`${protocol}//${hostname.slice(0, -1)}`] : []),
  ];
  return others
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text).origin)
    .filter((origin) => origin !== listed && !LOCAL_ORIGIN.test(origin));
}

export const credentialsChangeNothing: Check = {
  ...refusedCheck(
    {
      id: 'origin.credentials-change-nothing',
      title: 'a foreign origin is refused even with credentials',
      explain:
        "The browser adds the hub's cookies to a handshake from any page, which makes cross-site WebSocket hijacking possible. A hub that takes a session as proof of the page's origin accepts exactly the pages that do harm. The check sends a foreign origin with a cookie, with an Authorization header, and with a token in the query.",
    },
    () => [],
  ),
  async run(lab) {
    await openControl(lab);
    const { pathname } = new URL(lab.url);
    const letIn: string[] = [];
    for (const [name, change] of [
      ['a cookie', { headers: { Cookie: 'session=0; theme=dark' } }],
      ['an Authorization header', { headers: { Authorization: 'Bearer not-a-token' } }],
      ['a token in the query', { requestTarget: `${pathname}?token=not-a-token` }],
    ] as const) {
      const extraHeaders = [['Origin', FOREIGN_ORIGIN]] as const;
      const exchange = await lab.exchange(encodeHandshake(lab.url, { ...change, extraHeaders }).bytes);
      const text = `Origin: ${FOREIGN_ORIGIN} with ${name}: ${describeExchange(exchange)}`;
      lab.note(text);
      if (exchange.kind !== 'answer') continue;
      exchange.connection.destroy();
      if (exchange.response.status === 101) letIn.push(text);
    }
    if (letIn.length === 0) return pass();
    return fail({ expected: 'no 101 for a foreign origin', got: listSome(letIn) });
  },
};

export const headerNameInAnyCase: Check = {
  ...refusedCheck(
    {
      id: 'origin.header-any-case',
      title: 'the Origin header is recognized in any case',
      explain:
        'Header names are case-insensitive, and proxies change their case. A hub that looks only for "Origin" accepts "origin: http://evil.example".',
    },
    () => [],
  ),
  async run(lab) {
    await openControl(lab);
    for (const name of ['origin', 'ORIGIN', 'oRiGiN']) {
      const foreign = await knock(lab, 'http://evil.example', [[name, 'http://evil.example']]);
      if (foreign.outcome === 'accepted')
        return fail({ expected: 'no 101 for a foreign origin', got: foreign.text });
    }
    return pass();
  },
};

export const severalHeaders: Check = {
  ...refusedCheck(
    {
      id: 'origin.several-headers',
      title: 'a local Origin header does not override a foreign one',
      explain:
        'No browser sends two. A hub that accepts a client because any of them matches can be bypassed through a proxy that adds one. The foreign one comes first here; a hub that reads only the first, refuses both or joins them passes.',
    },
    () => [],
  ),
  async run(lab) {
    await openControl(lab);
    const both = await knock(lab, 'two', [
      ['Origin', 'http://evil.example'],
      ['Origin', 'http://localhost:3000'],
    ]);
    if (both.outcome === 'accepted') return fail({ expected: 'no 101', got: both.text });
    return pass();
  },
};

export const sameHostRefused: Check = {
  ...refusedCheck(
    {
      id: 'origin.same-host-refused',
      title: 'a foreign origin is refused even when the Host header names it',
      explain:
        'The owner of evil.example can point that name at 127.0.0.1 (DNS rebinding): the page then sends its own name in both Origin and Host. Libraries that compare the two by default accept it; the rule has no such clause.',
    },
    () => [],
  ),
  async run(lab) {
    await openControl(lab);
    const { port } = new URL(lab.url);
    const host = `evil.example:${port}`;
    const { bytes } = encodeHandshake(lab.url, { headers: { Host: host, Origin: `http://${host}` } });
    const exchange = await lab.exchange(bytes);
    lab.note(`Host and Origin ${host}: ${describeExchange(exchange)}`);
    if (exchange.kind !== 'answer' || exchange.response.status !== 101) return pass();
    return fail({
      expected: 'no 101 for a foreign origin',
      got: `HTTP 101 to Origin: http://${host} with Host: ${host}`,
    });
  },
};
