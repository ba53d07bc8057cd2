// Serves the live view of a run as a page on loopback, and replaces it by the report when the run ends. The run never waits
// for a browser: each page receives whole snapshots, and a new one only after it has taken the last; at the end pages have
// a deadline to fetch the report.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { SECRETS } from '../../kit/secrets.ts';
import type { ProgressView } from '../../load/coordinator/run-options.ts';
import { LIVE_PAGE_POLICY, renderLivePage } from '../../report/live/html/page.ts';
import { liveMessage } from '../../report/live/live-message.ts';
import { createLiveRun, type LivePlan, type LiveRun } from '../../report/live/live-run.ts';
import type { Clock } from '../../time/clock.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { createReportDelivery } from './report-delivery.ts';

const HOST = '127.0.0.1';
const TELL_INTERVAL_MILLIS = 200;
const MAX_PAGES = 20;
const MAX_CONNECTIONS = 100;
/** Pages send nothing; messages up to this size are read and dropped. */
const MAX_INBOUND_BYTES = 1_024;
/** Time for pages to fetch the report. */
const DELIVERY_DEADLINE_MILLIS = 5_000;

export interface LiveServer {
  readonly url: string;
  begin(plan: LivePlan): void;
  show(view: ProgressView): void;
  /** Every connected page becomes the report; resolves when all have it, or at the deadline. */
  deliver(reportHtml: string): Promise<void>;
  close(): Promise<void>;
}

interface Page {
  readonly socket: WebSocket;
  nextPoint: number;
}

/** `port` 0 picks a free one. The problem explains why the port cannot be used. */
export async function openLiveServer(port: number, clock: Clock): Promise<Parsed<LiveServer>> {
  const pages = new Set<Page>();
  const delivery = createReportDelivery(clock);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_INBOUND_BYTES });
  const server = createServer((request, response) => answer(request, response));
  server.maxConnections = MAX_CONNECTIONS;
  let run: LiveRun | undefined;
  let report: string | undefined;
  let nextTellMillis = 0;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const [path, query = ''] = (request.url ?? '/').split('?');
    if (!isOwnHost(request)) refuse(response, 421, 'this page is served at its loopback address only');
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, 'read only');
    else if (path === '/report' && report !== undefined) {
      delivery.track(new URLSearchParams(query).get('page') ?? '', response);
      send(response, report);
    } else if (path !== '/') refuse(response, 404, 'not here');
    else if (report !== undefined) send(response, report);
    else if (run) send(response, renderLivePage(run.state()));
    else send(response, WAITING_PAGE, { refresh: '1' });
  }

  function isOwnHost({ headers }: IncomingMessage): boolean {
    return ownHosts().includes(headers.host ?? '');
  }

  /** Host names that a browser on this machine may use for the page; any other is a DNS name rebound to this address. */
  function ownHosts(): string[] {
    const { port: bound } = server.address() as AddressInfo;
    return [`${HOST}:${bound}`, `localhost:${bound}`];
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    const isOwnOrigin = request.headers.origin === `http://${request.headers.host}`;
    if (request.url !== '/live' || !isOwnHost(request) || !isOwnOrigin) turnAway(socket, '403 Forbidden');
    else if (pages.size >= MAX_PAGES) turnAway(socket, '503 Service Unavailable');
    else sockets.handleUpgrade(request, socket, head, welcome);
  });

  function welcome(socket: WebSocket): void {
    const page = { socket, nextPoint: 0 };
    pages.add(page);
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => {
      pages.delete(page);
      delivery.gone(socket);
    });
    if (report === undefined) tell(page);
    else call(page);
  }

  /** Skips a page that has not taken the last message yet: the next one contains everything. */
  function tell(page: Page): void {
    if (!run || page.socket.bufferedAmount > 0 || page.socket.readyState !== page.socket.OPEN) return;
    const message = liveMessage(run.state(), page.nextPoint);
    page.nextPoint = message.firstPoint + message.points.length;
    page.socket.send(SECRETS.redact(JSON.stringify(message)), () => {});
  }

  function call({ socket }: Page): void {
    const id = delivery.expect(socket);
    socket.send(JSON.stringify({ kind: 'report', address: `/report?page=${id}` }), () => {});
  }

  const live: Omit<LiveServer, 'url'> = {
    begin(plan) {
      run = createLiveRun(plan);
    },
    show(view) {
      run?.add(view);
      if (view.elapsedMillis < nextTellMillis) return;
      nextTellMillis = view.elapsedMillis + TELL_INTERVAL_MILLIS;
      for (const page of pages) tell(page);
    },
    async deliver(reportHtml) {
      report = reportHtml;
      for (const page of pages) call(page);
      await delivery.settled(DELIVERY_DEADLINE_MILLIS);
    },
    async close() {
      for (const { socket } of pages) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };

  return new Promise((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        unparsed(
          error.code === 'EADDRINUSE'
            ? `port ${port} of ${HOST} is taken; choose another, or leave it out for a free one`
            : `cannot listen on port ${port} of ${HOST}: ${error.message}`,
        ),
      ),
    );
    server.listen(port, HOST, () =>
      resolve(parsed({ ...live, url: `http://${HOST}:${(server.address() as AddressInfo).port}/` })),
    );
  });
}

function send(response: ServerResponse, html: string, more = {}): void {
  response.writeHead(200, { ...HEADERS, ...more, 'content-type': 'text/html; charset=utf-8' });
  response.end(SECRETS.redact(html));
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}

function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Served until the hub under test has started. */
const WAITING_PAGE =
  '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Load test starting</title><p>The hub under test is starting; this page looks again every second.</p></html>';

const HEADERS = {
  'content-security-policy': LIVE_PAGE_POLICY,
  'cache-control': 'no-store',
  connection: 'close',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;
