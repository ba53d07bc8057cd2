// The system's own library, whose functions are called through koffi, an optional dependency. It is opened once a process:
// koffi does not unload.
import { createRequire } from 'node:module';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export type Koffi = typeof import('koffi');

export interface Libc {
  readonly ffi: Koffi;
  readonly library: ReturnType<Koffi['load']>;
  /** Of the last call that failed, such as EPERM. */
  lastError(): string;
}

let opened: Parsed<Libc> | undefined;

/** Or one sentence on why it cannot be called here. */
export function openLibc(): Parsed<Libc> {
  opened ??= open();
  return opened;
}

function open(): Parsed<Libc> {
  if (process.platform !== 'linux') return unparsed('system calls are made on Linux only');
  try {
    const ffi = createRequire(import.meta.url)('koffi') as Koffi;
    return parsed({ ffi, library: ffi.load(null), lastError: bindLastError(ffi) });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0] ?? '';
    return unparsed(
      (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
        ? 'the optional package koffi is not installed'
        : `koffi cannot be used here: ${reason}`,
    );
  }
}

/** Of two names for one error it is the usual: EAGAIN, not EWOULDBLOCK. */
export function bindLastError(ffi: Koffi): () => string {
  const names = new Map<number, string>();
  for (const [name, number] of Object.entries(ffi.os.errno)) if (!names.has(number)) names.set(number, name);
  return () => names.get(ffi.errno()) ?? `error ${ffi.errno()}`;
}
