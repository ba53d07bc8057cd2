// A conformance.json that version 1 wrote is read as one of version 2.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConformance } from '../read-conformance.ts';
import { upgradeConformanceResult } from './upgrade-conformance-result.ts';

const FILE = fileURLToPath(new URL('./conformance-v1.json', import.meta.url));
const old = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, unknown>>;

describe('a conformance.json of version 1', () => {
  it('is read from disk under the present names, with the verdict of its checks', () => {
    const file = readConformance(FILE);
    expect(file.ok && file.value).toMatchObject({
      schemaVersion: 2,
      environment: { cores: (old.environment as { cpus: number }).cpus },
      verdict: 'passed',
      checks: old.checks,
    });
  });

  it('passes what has another shape to the schema', () => {
    expect(upgradeConformanceResult({ schemaVersion: 1, checks: 7 })).toMatchObject({ checks: 7 });
  });
});
