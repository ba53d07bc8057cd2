// Origins that resemble a listed one. The list holds exact origins, so each of these must be refused.
import { DEFAULT_ALLOWED_ORIGINS } from '../../../protocol/limits.ts';
import { refusedOriginsCheck } from './refused-check.ts';

export const extrasExact = refusedOriginsCheck(
  {
    id: 'origin.extras-exact',
    title: 'origins that resemble a listed one are refused',
    explain:
      'The list holds exact origins. Another scheme, another port, a subdomain, the parent domain, a longer or shorter name, another character in place of a dot, and a trailing dot make a different origin, which somebody else may own.',
  },
  // Without --allowed-origin only the defaults are listed, and those are local: their neighbors by name still must not pass.
  (lab) => [...new Set([...lab.settings.allowedOrigins, ...DEFAULT_ALLOWED_ORIGINS].flatMap(neighbors))],
);

const LOCAL_ORIGIN = /^\w+:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Origins a browser can send that are not `listed`, but look like it. Local ones are left out: another rule accepts them. */
function neighbors(listed: string): readonly string[] {
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
          // Parts of the listed one: accepted when the comparison is reversed.
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
