// Several hosts on one machine: a network namespace for each, with an address of its own, on a bridge that is in another one. The
// network of the machine itself is not touched. Needs root and `ip`.
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';

const NETWORK = '10.98.0';

export interface Network {
  /** Of the host with this name; `middle` is the host of the bridge, which all reach. */
  addressOf(host: string): string;
  /** Starts a program there. */
  spawn(host: string, command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Ends every process in the namespaces, and removes them. */
  close(): void;
}

export const MIDDLE = 'middle';

/** Why there can be none here; undefined where there can. */
export function whyNoNetwork(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const name = `norn-${process.pid}-probe`;
  const { error, status, stderr } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (error) return 'there is no ip (iproute2)';
  if (status !== 0) return `network namespaces are not allowed here: ${stderr.trim()}`;
  try {
    ip('-n', name, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-n', name, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'other');
    ip('netns', 'exec', name, 'true');
  } catch (problem) {
    return (problem as Error).message;
  } finally {
    ip('netns', 'del', name);
  }
  return undefined;
}

/** Throws where something cannot be made; nothing is left then. */
export function openNetwork(hosts: readonly string[]): Network {
  const all = [MIDDLE, ...hosts];
  const spaceOf = (host: string) => `norn-${process.pid}-${host}`;
  const addressOf = (host: string) => `${NETWORK}.${all.indexOf(host) + 1}`;
  const made: string[] = [];

  function open(): void {
    for (const host of all) {
      ip('netns', 'add', spaceOf(host));
      made.push(spaceOf(host));
      ip('-n', spaceOf(host), 'link', 'set', 'lo', 'up');
    }
    const middle = spaceOf(MIDDLE);
    ip('-n', middle, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-n', middle, 'addr', 'add', `${addressOf(MIDDLE)}/24`, 'dev', 'bridge');
    ip('-n', middle, 'link', 'set', 'bridge', 'up');
    for (const [at, host] of hosts.entries()) {
      const space = spaceOf(host);
      const pair = ['name', `to${at}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space];
      ip('-n', middle, 'link', 'add', ...pair);
      ip('-n', middle, 'link', 'set', `to${at}`, 'master', 'bridge', 'up');
      ip('-n', space, 'addr', 'add', `${addressOf(host)}/24`, 'dev', 'eth0');
      ip('-n', space, 'link', 'set', 'eth0', 'up');
    }
  }

  function close(): void {
    process.off('exit', close);
    for (const space of made) endProcesses(space);
    for (const space of made) ip('netns', 'del', space);
    made.length = 0;
  }

  process.on('exit', close);
  try {
    open();
  } catch (error) {
    close();
    throw error;
  }
  return {
    addressOf,
    close,
    spawn: (host, command, args, options) =>
      spawn('ip', ['netns', 'exec', spaceOf(host), command, ...args], options),
  };
}

function endProcesses(space: string): void {
  for (const pid of ip('netns', 'pids', space).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function ip(...args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}
