// Builds or finds one server in a temporary folder of its own, or reports what this machine lacks.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Parsed, unparsed } from '../../../units/parsed.ts';
import { lastLine } from '../build-go.ts';
import type { Server } from './servers.ts';

export interface PreparedServer {
  /** For `--spawn`. */
  readonly command: Parsed<string>;
  /** Deletes what was built. */
  remove(): void;
}

export async function prepareServer(server: Server): Promise<PreparedServer> {
  const folder = await mkdtemp(join(tmpdir(), `norn-${server.name}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    return { command: await server.prepare(folder), remove };
  } catch (error) {
    const problem = `needs Debian's ${server.packages}: ${lastLine(error)}`;
    return { command: unparsed(problem), remove };
  }
}
