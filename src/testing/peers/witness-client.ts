// A client that observes known-bad hubs: raw TCP, a handshake that tests can bend, every frame recorded as it came, and no
// verdict on any of it. Except for sockets with a tiny window it shares no code with the clients of the kit, so that an
// error there cannot hide in both.
import { randomBytes } from 'node:crypto';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { openPreparedDescriptor } from '../../wire/kernel/prepared-socket.ts';

/** Deadlines are counted in steps: a time in which this process stood still, and its hub with it, counts as one. */
const STEP_MILLIS = 50;

interface SeenFrame {
  readonly firstByte: number;
  readonly opcode: number;
  readonly fin: boolean;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

export interface Witness {
  /** Of the handshake's answer; undefined until one came. */
  readonly response: { readonly status: number; readonly head: string } | undefined;
  readonly frames: readonly SeenFrame[];
  /** Text of every data frame, in order. */
  readonly texts: readonly string[];
  /** The first Close frame's code; 1005 for an empty one; undefined while there is none. */
  readonly closeCode: number | undefined;
  /** How the connection ended, once it did. */
  readonly ended: 'fin' | 'reset' | undefined;
  /** Bytes that belong to no whole frame yet. */
  readonly restBytes: number;
  /** Stops reading at the socket. */
  pause(): void;
  resume(): void;
  /** Takes one read's worth from the socket, then pauses again. */
  sip(): void;
  /** One masked frame. */
  send(opcode: number, payload?: Uint8Array | string, firstByte?: number): void;
  sendRaw(bytes: Uint8Array): void;
  endWriting(): void;
  reset(): void;
  destroy(): void;
  /** Resolves true when `condition` holds, false after `deadlineMillis` or when the connection ended without it. */
  until(condition: () => boolean, deadlineMillis?: number): Promise<boolean>;
}

export interface WitnessOptions {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  /** Replaces or adds header lines; undefined removes one. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The kernel takes less than 64 KiB of what this client does not read, where such sockets can be had. */
  readonly hasSmallWindow?: boolean;
  readonly deadlineMillis?: number;
}

/** Dials and waits for the answer to the handshake, or for the deadline. Never throws for what a hub does. */
export async function openWitness(url: string, options: WitnessOptions = {}): Promise<Witness> {
  const target = new URL(url);
  const reading: Reading = { onBytes() {}, isSip: false };
  const socket = connect(target.hostname, Number(target.port), options.hasSmallWindow === true, reading);
  const witness = watch(socket, reading);
  socket.write(renderRequest(target, options));
  await witness.until(() => witness.response !== undefined, options.deadlineMillis ?? 5_000);
  return witness;
}

/** Where a socket's bytes go; exchanged once the witness exists. */
interface Reading {
  onBytes: (bytes: Buffer) => void;
  /** Whether to stop after the next read. */
  isSip: boolean;
}

// With a read buffer of its own a paused socket stops reading at the handle; an ordinary one would take another 64 KiB
// from the kernel, and with it make room for more.
function connect(address: string, port: number, wantsSmallWindow: boolean, reading: Reading): Socket {
  const onread = {
    buffer: Buffer.alloc(65_536),
    callback(length: number, bytes: Uint8Array): boolean {
      reading.onBytes(Buffer.from(bytes.subarray(0, length)));
      const goesOn = !reading.isSip;
      reading.isSip = false;
      return goesOn;
    },
  };
  const fd = wantsSmallWindow
    ? openPreparedDescriptor({ address, family: 4 }, port, { isSmall: true, source: ownAddress(address) })
    : undefined;
  const socket = new Socket({
    allowHalfOpen: true,
    onread,
    ...(fd === undefined ? {} : { fd }),
  } as SocketConstructorOpts);
  if (fd === undefined) socket.connect({ host: address, port });
  socket.resume();
  return socket;
}

/**
 * What the kernel has seen of earlier connections between two addresses (tcp_metrics) decides how much it takes of the next one: after
 * much traffic more than a large event. From an address of its own, a socket is the first.
 */
function ownAddress(hub: string): string | undefined {
  if (hub !== '127.0.0.1') return undefined;
  const [second, third, fourth] = randomBytes(3);
  return `127.${second}.${third}.${fourth}`;
}

function renderRequest(target: URL, options: WitnessOptions): string {
  const headers: Record<string, string | readonly string[] | undefined> = {
    Host: options.host ?? target.host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...options.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((one) => `${name}: ${one}\r\n`),
  );
  return `${options.method ?? 'GET'} ${options.path ?? target.pathname} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

function watch(socket: Socket, reading: Reading): Witness {
  const frames: SeenFrame[] = [];
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  let chunks: Buffer[] = [];
  let chunkBytes = 0;
  let neededBytes = 1;
  let response: Witness['response'];
  let closeCode: number | undefined;
  let ended: Witness['ended'];

  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const end = (kind: 'fin' | 'reset'): void => {
    ended ??= kind;
    wakeAll();
  };
  socket.on('error', () => end('reset'));
  socket.on('end', () => end('fin'));
  socket.on('close', () => end('fin'));
  reading.onBytes = (chunk) => {
    chunks.push(chunk);
    chunkBytes += chunk.length;
    if (chunkBytes < neededBytes) return;
    let input: Buffer = Buffer.concat(chunks, chunkBytes);
    if (response === undefined) input = takeResponse(input);
    if (response?.status === 101) input = takeFrames(input);
    chunks = [input];
    chunkBytes = input.length;
    wakeAll();
  };

  function takeResponse(input: Buffer): Buffer {
    const end = input.indexOf('\r\n\r\n');
    if (end < 0) return input;
    const head = input.subarray(0, end).toString('latin1');
    response = { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head };
    return input.subarray(end + 4);
  }

  function takeFrames(input: Buffer): Buffer {
    let rest = input;
    for (;;) {
      const parsed = parseFrame(rest);
      neededBytes = typeof parsed === 'number' ? parsed : 1;
      if (typeof parsed === 'number') return Buffer.from(rest);
      frames.push(parsed.frame);
      if (parsed.frame.opcode <= 2) texts.push(parsed.frame.payload.toString('utf8'));
      if (parsed.frame.opcode === 8) closeCode ??= readCloseCode(parsed.frame.payload);
      rest = rest.subarray(parsed.frameBytes);
    }
  }

  return {
    frames,
    texts,
    get response() {
      return response;
    },
    get closeCode() {
      return closeCode;
    },
    get ended() {
      return ended;
    },
    get restBytes() {
      return chunkBytes;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    sip() {
      reading.isSip = true;
      socket.resume();
    },
    send: (opcode, payload = '', firstByte = 0x80 | opcode) =>
      void socket.write(encodeMasked(firstByte, Buffer.from(payload))),
    sendRaw: (bytes) => void socket.write(bytes),
    endWriting: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    destroy: () => void socket.destroy(),
    until(condition, deadlineMillis = 5_000) {
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        let leftMillis = deadlineMillis;
        const settle = (isMet: boolean): void => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(isMet);
        };
        const look = (): void => {
          if (condition()) settle(true);
          else if (ended !== undefined) settle(false);
        };
        const step = (): void => {
          if (leftMillis <= 0) {
            settle(condition());
            return;
          }
          const stepMillis = Math.min(STEP_MILLIS, leftMillis);
          leftMillis -= stepMillis;
          timer = setTimeout(step, stepMillis);
        };
        waiting.add(look);
        step();
        look();
      });
    },
  };
}

function readCloseCode(payload: Buffer): number {
  return payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
}

function parseFrame(input: Buffer): { frame: SeenFrame; frameBytes: number } | number {
  if (input.length < 2) return 2;
  const [firstByte = 0, second = 0] = input;
  const short = second & 0x7f;
  const headerBytes = 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + (second & 0x80 ? 4 : 0);
  if (input.length < headerBytes) return headerBytes;
  const length =
    short === 127 ? Number(input.readBigUInt64BE(2)) : short === 126 ? input.readUInt16BE(2) : short;
  if (input.length < headerBytes + length) return headerBytes + length;
  const frame = {
    firstByte,
    opcode: firstByte & 0x0f,
    fin: (firstByte & 0x80) !== 0,
    isMasked: (second & 0x80) !== 0,
    payload: Buffer.from(input.subarray(headerBytes, headerBytes + length)),
  };
  return { frame, frameBytes: headerBytes + length };
}

/** A masked frame as a client writes it. */
export function encodeMasked(firstByte: number, payload: Buffer, declaredBytes = payload.length): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload);
  for (let index = 0; index < masked.length; index += 1)
    masked[index] = (masked[index] as number) ^ (mask[index & 3] as number);
  const header = declaredBytes < 126 ? Buffer.alloc(2) : Buffer.alloc(declaredBytes < 65_536 ? 4 : 10);
  header[0] = firstByte;
  if (declaredBytes < 126) header[1] = 0x80 | declaredBytes;
  else if (declaredBytes < 65_536) {
    header[1] = 0x80 | 126;
    header.writeUInt16BE(declaredBytes, 2);
  } else {
    header[1] = 0x80 | 127;
    header.writeBigUInt64BE(BigInt(declaredBytes), 2);
  }
  return Buffer.concat([header, mask, masked]);
}
