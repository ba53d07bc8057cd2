// What a result says of its target: how it was driven, where, and how it was reached. Never how the clients prove who
// they are.
import type { AgreedTls, Target } from '../target.ts';

export interface ReportedTarget {
  readonly adapter: string;
  readonly url: string;
  /** Absent without TLS, and in files of before it was kept. */
  readonly tls?: ReportedTls;
  /** What stands before the hub; absent where nothing is known to. */
  readonly proxy?: string;
}

export interface ReportedTls extends AgreedTls {
  /** False: any certificate was accepted (`--insecure`). */
  readonly isVerified: boolean;
}

export function reportTarget({ adapter, url, tls, agreedTls, proxy }: Target): ReportedTarget {
  const isVerified = !tls?.isInsecure;
  return {
    adapter,
    url,
    ...(agreedTls === undefined ? {} : { tls: { ...agreedTls, isVerified } }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
