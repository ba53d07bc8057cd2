// The version of the kit, as every result and every `--version` tells it.
import { readFileSync } from 'node:fs';

export function kitVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
