// Broadcasts through the HTTP endpoint of a hub, for tests of the hubs in this folder.
import { request } from 'node:http';

export interface PostAnswer {
  /** 0 when there was no answer by the deadline or the connection failed. */
  readonly status: number;
  readonly body: string;
}

/** Posts one event as JSON, several as NDJSON. Never rejects. */
export function postEvents(
  broadcastUrl: string,
  texts: readonly string[],
  options: { readonly deadlineMillis?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<PostAnswer> {
  const contentType = texts.length === 1 ? 'application/json' : 'application/x-ndjson';
  return new Promise((resolve) => {
    const outgoing = request(broadcastUrl, {
      method: 'POST',
      agent: false,
      headers: { 'Content-Type': contentType, ...options.headers },
      signal: AbortSignal.timeout(options.deadlineMillis ?? 5_000),
    });
    outgoing.on('error', () => resolve({ status: 0, body: '' }));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', () => resolve({ status: 0, body: '' }));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.end(texts.join('\n'));
  });
}
