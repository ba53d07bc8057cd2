// How a hub was reached, in the words of every report: that certificates were not checked is never left out.
import type { ReportedTarget } from '../target/tls/reported-target.ts';

const UNCHECKED = 'certificate not checked (--insecure)';

function proxyWords({ proxy }: ReportedTarget): string | undefined {
  return proxy === undefined ? undefined : `behind ${proxy}`;
}

/** Undefined without TLS. */
function tlsWords({ tls }: ReportedTarget): string | undefined {
  if (tls === undefined) return undefined;
  const agreed = `${tls.protocol} ${tls.cipher}`;
  return tls.isVerified ? agreed : `${agreed}, ${UNCHECKED}`;
}

/** URL, adapter (`kind` follows it), and what was agreed. */
export function targetWords(target: ReportedTarget, kind = ''): string {
  const how = [`${target.adapter}${kind}`, tlsWords(target), proxyWords(target)];
  return `${target.url} (${how.filter((words) => words !== undefined).join(', ')})`;
}

/** The URL alone, where there is no room for more than a warning. */
export function urlWords({ url, tls }: ReportedTarget): string {
  return tls?.isVerified === false ? `${url} (${UNCHECKED})` : url;
}

/** Properties of JUnit: TLS and a proxy, where there are. */
export function targetProperties(
  target: ReportedTarget,
): readonly (readonly [name: string, value: string])[] {
  const tls = tlsWords(target);
  return [
    ...(tls === undefined ? [] : [['target.tls', tls] as const]),
    ...(target.proxy === undefined ? [] : [['target.proxy', target.proxy] as const]),
  ];
}
