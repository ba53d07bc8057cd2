// How a hub was reached, in the words of every report: that certificates were not checked is never left out.
import type { ReportedTarget } from '../target/tls/reported-target.ts';

const UNCHECKED = 'certificate not checked (--insecure)';

/** Undefined without TLS. */
function tlsWords({ tls }: ReportedTarget): string | undefined {
  if (tls === undefined) return undefined;
  const agreed = `${tls.protocol} ${tls.cipher}`;
  return tls.isVerified ? agreed : `${agreed}, ${UNCHECKED}`;
}

/** URL, adapter (`kind` follows it), and what was agreed. */
export function targetWords(target: ReportedTarget, kind = ''): string {
  const tls = tlsWords(target);
  return `${target.url} (${target.adapter}${kind}${tls === undefined ? '' : `, ${tls}`})`;
}

/** The URL alone, where there is no room for more than a warning. */
export function urlWords({ url, tls }: ReportedTarget): string {
  return tls?.isVerified === false ? `${url} (${UNCHECKED})` : url;
}

/** A property of JUnit; none without TLS. */
export function tlsProperties(target: ReportedTarget): readonly (readonly [name: string, value: string])[] {
  const tls = tlsWords(target);
  return tls === undefined ? [] : [['target.tls', tls]];
}
