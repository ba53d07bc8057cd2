// What Linux tells about a process under /proc: memory, CPU time, descriptors, limits, and who listens on a port. Everything is undefined (or empty) where /proc is not, or belongs to somebody else.
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { HubAddress } from '../wire/hub-address.ts';
import { cpuTicks, TICKS_PER_SECOND } from './process-tree/stat-fields.ts';
import type { TargetResources } from './target.ts';

export async function readProcessResources(pid: number): Promise<TargetResources | undefined> {
  const [status, stat, descriptors] = await Promise.all([
    readText(`/proc/${pid}/status`),
    readText(`/proc/${pid}/stat`),
    listNames(`/proc/${pid}/fd`),
  ]);
  const bytesOf = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status ?? '')?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  };
  const rssBytes = bytesOf('VmRSS');
  const [userTicks, systemTicks] = cpuTicks(stat ?? '');
  if (rssBytes === undefined || userTicks === undefined || systemTicks === undefined) return undefined;
  if (descriptors === undefined) return undefined;
  return {
    rssBytes,
    dataBytes: bytesOf('VmData'),
    descriptors: descriptors.length,
    cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND,
  };
}

/** How many descriptors the process may open before the system refuses. */
export async function readDescriptorLimit(pid: number | 'self'): Promise<number | undefined> {
  const limits = await readText(`/proc/${pid}/limits`);
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits ?? '')?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** All processes of this machine that can be seen. */
export async function listProcesses(): Promise<readonly number[]> {
  return ((await listNames('/proc')) ?? []).map(Number).filter((pid) => pid > 0);
}

/** Which of `pids` listens on the TCP port or Unix socket; undefined when none does or it cannot be seen. */
export async function findListener(
  address: HubAddress,
  pids: readonly number[],
): Promise<number | undefined> {
  for await (const pid of listenersAmong(pids, address)) return pid;
  return undefined;
}

/** All that listen there: processes may share a socket. */
export async function findListeners(address: HubAddress): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const pid of listenersAmong(await listProcesses(), address)) found.push(pid);
  return found;
}

async function* listenersAmong(pids: readonly number[], address: HubAddress): AsyncGenerator<number> {
  const inodes = new Set(await findListeningInodes(address));
  if (inodes.size === 0) return;
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    const names = (await listNames(folder)) ?? [];
    const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
    if (links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''))) yield pid;
  }
}

async function findListeningInodes(address: HubAddress): Promise<string[]> {
  if (address.socketPath !== undefined)
    return unixInodes((await readText('/proc/net/unix')) ?? '', address.socketPath);
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readText));
  return tables.flatMap((table) => listeningInodes(table ?? '', address.port));
}

// Columns: address, references, protocol, flags (00010000 = it accepts connections), type, state, inode, path.
function unixInodes(table: string, socketPath: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [, flags, inode, path] = /^\S+ \S+ \S+ (\S+) \S+ \S+\s+(\d+) (.+)$/.exec(line) ?? [];
    return flags === '00010000' && path === socketPath && inode !== undefined ? [inode] : [];
  });
}

// Columns: slot, local address, remote address, state (0A = LISTEN), …, the tenth is the inode.
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && columns[1]?.endsWith(suffix))
    .map((columns) => columns[9] ?? '');
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function listNames(folder: string): Promise<string[] | undefined> {
  return readdir(folder).catch(() => undefined);
}
