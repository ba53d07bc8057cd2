// What kept a program from a NATS server, in one sentence with what to do about it.
import { SUBJECTS_OF_ALL } from '../messages/subjects.ts';

/** The account of this program may not use a subject; undefined for other errors. */
export function describeRefusal(error: unknown, server: string): string | undefined {
  const { name, operation, subject } = error as Error & { operation?: string; subject?: string };
  if (name !== 'PermissionViolationError') return undefined;
  const what = operation === 'subscription' ? 'subscribe' : 'publish';
  return `the account at the NATS server ${server} may not ${what} to ${subject}; allow it to publish and to subscribe to ${SUBJECTS_OF_ALL} and _INBOX.>`;
}

export function describeNatsProblem(error: unknown, server: string): string {
  const { name, message, cause } = error as Error & { cause?: Error };
  const text = `${name} ${message} ${(cause as NodeJS.ErrnoException | undefined)?.code ?? ''} ${cause?.message ?? ''}`;
  const at = `the NATS server at ${server}`;
  if (/ECONNREFUSED/i.test(text))
    return `no NATS server listens at ${server}; start one (nats-server), or correct the URL`;
  if (/ENOTFOUND|EAI_AGAIN/i.test(text)) return `the host of ${server} is not known; correct the URL`;
  if (/authorization|authentication|user authentication/i.test(text))
    return `${at} refused the login; put user and password, or a token, into the URL, or give a credentials file`;
  if (/certificate|self.signed|CERT|SSL|TLS|tlsv/i.test(text))
    return `TLS with ${at} failed (${(cause?.message ?? message) || name}); give the certificate of its authority, and one of this program where the server asks for it`;
  if (/timeout/i.test(text))
    return `${at} did not answer within 5 s; check that this port speaks NATS and that nothing blocks it`;
  return `${at} cannot be used: ${message || name}`;
}
