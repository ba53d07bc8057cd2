// Whether a proxy stands between the clients and a hub that the kit did not start. What the kernels' tables show of these
// connections is then about the proxy, and so is what ends them. Two things give a proxy away: the headers of its answer,
// and, on this machine, the program that listens.
import { readFile } from 'node:fs/promises';
import { addressOf } from '../../wire/hub-address.ts';
import type { HubAccess } from '../identity/client-identity.ts';
import { findListener, listProcesses } from '../process-facts.ts';
import { isLoopbackUrl } from '../refuse-non-loopback.ts';
import { readFirstAnswer } from './first-answer.ts';

/** Programs that pass connections on, by the names of their processes (Linux keeps 15 characters). */
const PROXY_PROCESSES =
  /^(nginx|openresty|haproxy|envoy|traefik|caddy|httpd|apache2|varnishd|squid|docker-proxy|rootlessport|kubectl|socat|sshd?|istio-proxy|linkerd2-proxy|cloudflared|ngrok)$/;
/** What they write into Server. */
const PROXY_SERVERS =
  /\b(nginx|openresty|envoy|istio-envoy|traefik|caddy|apache(?!.*(?:tomcat|coyote))|varnish|cloudflare|awselb|google frontend|gws|akamaighost|h2o)\b/i;
/** Headers that only a proxy sets. */
const PROXY_HEADERS = ['via', 'cf-ray', 'x-envoy-upstream-service-time', 'x-cache', 'x-served-by'];

/** What stands there, such as `nginx/1.22.1`; undefined where nothing shows. */
export async function findProxy(hub: HubAccess, hubPid?: number): Promise<string | undefined> {
  const { url } = hub;
  const listener = isLoopbackUrl(url) ? await findListeningProgram(url) : undefined;
  if (hubPid !== undefined && listener?.pid === hubPid) return undefined;
  if (listener !== undefined && PROXY_PROCESSES.test(listener.name)) return listener.name;
  return proxyIn((await readFirstAnswer(hub))?.headers ?? {});
}

/** From the headers of a hub's answer, names in lower case. */
export function proxyIn(headers: Readonly<Record<string, string>>): string | undefined {
  const { server = '', via } = headers;
  if (PROXY_SERVERS.test(server)) return printable(server);
  if (via !== undefined) return printable(via);
  const [header] = PROXY_HEADERS.filter((name) => headers[name] !== undefined);
  return header === undefined ? undefined : `a proxy that sets ${header}`;
}

/** What a server says of itself is not to be trusted. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);

async function findListeningProgram(
  url: string,
): Promise<{ readonly pid: number; readonly name: string } | undefined> {
  const pid = await findListener(addressOf(url), await listProcesses());
  if (pid === undefined) return undefined;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return { pid, name: name.trim() };
}
