// The known-bad hubs in other languages: which defects each has, how to start one, and why that may be impossible on
// this machine. They share no code with the TypeScript ones.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { buildGo, lastLine } from './build-go.ts';

const run = promisify(execFile);
const SOURCES = new URL('../../../src/testing/external/', import.meta.url);
const GO_SOURCES = ['go-hub/hub.go', 'go-hub/http.go'];

export interface ExternalLanguage {
  readonly name: 'go' | 'python';
  /** Each defect of this hub, and the TypeScript defect with the same symptom; `none` is the correct hub. */
  readonly defects: Readonly<Record<string, string>>;
  /** Program and first arguments, or why there is none on this machine. Built once. */
  prepare(): Promise<Parsed<readonly string[]>>;
  /** The arguments after those of `prepare`. */
  argumentsFor(defect: string, options: ExternalHubOptions): readonly string[];
}

interface ExternalHubOptions {
  readonly port?: number;
  readonly clientBufferMessages?: number;
  readonly evictionGraceMillis?: number;
  /** Agrees to permessage-deflate; Go only. */
  readonly compression?: boolean;
}

/** Defects with the same id in TypeScript, besides `others`, which have another. */
function sameNames(
  names: string,
  others: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(names.split(/\s+/).map((name) => [name, name])), ...others };
}

const GO_HUB: ExternalLanguage = {
  name: 'go',
  defects: sameNames(
    `head-of-line-block evict-deadlock crash-after-eviction eviction-aborts-fan-out timed-block
     forget-without-close close-after-drain deadline-set-too-late any-origin origin-prefix null-origin
     empty-origin-refused never-evict queue-sixteen-fold evicts-one-early evicts-one-late drop-newest drop-oldest
     burst-evicts-readers register-late no-read-limit shared-buffer reorder duplicate identity-by-address
     coalesce-newline app-id-renamed binary-opcode number-precision client-text-rebroadcast client-data-kills
     history-replay stops-without-close eviction-without-close`,
    { diagram: 'close-after-drain' },
  ),
  prepare: () => remember('go', buildGoHub),
  argumentsFor: (
    defect,
    { port = 0, clientBufferMessages = 64, evictionGraceMillis = 1_000, compression },
  ) => [
    ...['-defect', defect, '-port', `${port}`, '-client-buffer', `${clientBufferMessages}`],
    ...['-eviction-grace', `${evictionGraceMillis}ms`],
    ...(compression ? ['-compression'] : []),
  ],
};

const PYTHON_HUB: ExternalLanguage = {
  name: 'python',
  defects: sameNames(
    `sequential-send never-evict drop-oldest drop-newest forget-without-close any-origin null-origin origin-contains
     binary-opcode number-precision mojibake html-escaped coalesce-array client-text-rebroadcast echo-to-sender
     client-data-kills history-replay lifetime-quota duplicate publisher-waits eviction-without-close
     close-not-echoed`,
    { 'gather-send': 'sequential-send', 'library-broadcast': 'never-evict' },
  ),
  prepare: () => remember('python', findPython),
  argumentsFor: (defect, { port = 0, clientBufferMessages = 64, evictionGraceMillis = 1_000 }) => [
    ...['--defect', defect, '--port', `${port}`, '--client-buffer', `${clientBufferMessages}`],
    ...['--eviction-grace', `${evictionGraceMillis / 1_000}`],
  ],
};

export const EXTERNAL_LANGUAGES: readonly ExternalLanguage[] = [GO_HUB, PYTHON_HUB];

const prepared = new Map<string, Promise<Parsed<readonly string[]>>>();

function remember(
  name: string,
  prepare: () => Promise<Parsed<readonly string[]>>,
): Promise<Parsed<readonly string[]>> {
  const known = prepared.get(name) ?? prepare();
  prepared.set(name, known);
  return known;
}

async function buildGoHub(): Promise<Parsed<readonly string[]>> {
  const built = await buildGo(...GO_SOURCES.map((file) => fileURLToPath(new URL(file, SOURCES))));
  return built.ok ? parsed([built.value]) : built;
}

async function findPython(): Promise<Parsed<readonly string[]>> {
  const source = fileURLToPath(new URL('python_hub.py', SOURCES));
  let problem = '';
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      await run(python, [source, '--help'], { timeout: 30_000 });
      return parsed([python, source]);
    } catch (error) {
      problem = lastLine(error);
    }
  }
  return unparsed(`the Python hub cannot run here (Debian: python3-websockets): ${problem}`);
}
