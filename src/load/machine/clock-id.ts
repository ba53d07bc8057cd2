// Which monotonic clock this process reads: all processes of one running system read the same one, also in containers and network
// namespaces, unless a time namespace shifts it.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** Equal for two processes that read the same clock; undefined where the system does not say. */
export function readClockId(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return createHash('sha256').update(`${boot} ${readTimeNamespace()}`).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}

/** Empty with a kernel that has none. */
function readTimeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return '';
  }
}
