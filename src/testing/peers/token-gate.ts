// A correct hub behind a gate that lets in only clients with a token it knows, as an ingress does, and quotes the token of
// those that it refuses. What it saw of each handshake is kept.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createHub } from '../../hub/hub.ts';

interface SeenClient {
  readonly token: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface TokenGate {
  readonly url: string;
  readonly broadcastUrl: string;
  readonly seen: SeenClient[];
  stop(): Promise<void>;
}

type Upgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** `answer` gives the whole HTTP response for a token that is refused; undefined lets it in. */
export async function startTokenGate(answer: (token: string) => string | undefined): Promise<TokenGate> {
  const server = createServer();
  const hub = createHub({ server });
  const upgrades = server.listeners('upgrade') as Upgrade[];
  const seen: SeenClient[] = [];
  server
    .removeAllListeners('upgrade')
    .on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const token = tokenOf(request);
      seen.push({ token, path: request.url ?? '', headers: request.headers });
      socket.on('error', () => {}); // a client may be gone already
      const refusal = answer(token);
      if (refusal !== undefined) socket.end(refusal);
      else for (const upgrade of upgrades) upgrade(request, socket, head);
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    broadcastUrl: `http://127.0.0.1:${port}/broadcast`,
    seen,
    async stop() {
      await hub.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tokenOf({ headers, url = '' }: IncomingMessage): string {
  const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
  return bearer ?? new URL(url, 'http://host').searchParams.get('token') ?? '';
}

export function httpAnswer(status: string, body: string, headers: readonly string[] = []): string {
  const lines = [
    `HTTP/1.1 ${status}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
