// Origins that must be refused (protocol: Origin Checking, rule 4), one check for each wrong way to compare them.
// Only origins that a browser can send are tested, with two exceptions: contains-refused shows that a part of the header
// is taken for the whole, and null-refused sends malformed origins.
import { refusedOriginsCheck } from './refused-check.ts';

export const foreignRefused = refusedOriginsCheck(
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

export const nullRefused = refusedOriginsCheck(
  {
    id: 'origin.null-refused',
    title: 'the origins null and file://, and malformed origins, are refused',
    explain:
      'Any page can get the origin "null" from inside a sandboxed frame, and local files send it, too; a hub that treats unparsable origins as harmless fails open. The check also sends origins that no parser accepts, and a name that browsers accept and some parsers do not.',
  },
  () => ['null', 'file://', 'http://[evil', 'http://evil.example:port', 'http://a{b.evil.example'],
);

export const prefixRefused = refusedOriginsCheck(
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

export const suffixRefused = refusedOriginsCheck(
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

export const containsRefused = refusedOriginsCheck(
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

export const lookAlikesRefused = refusedOriginsCheck(
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
