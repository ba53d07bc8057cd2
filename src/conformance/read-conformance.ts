// A conformance.json from disk.
import { createResultFileReader } from '../files/result-file.ts';
import { CONFORMANCE_SCHEMA_VERSION, type ConformanceResult } from './result.ts';
import { upgradeConformanceResult } from './version-1/upgrade-conformance-result.ts';

export const readConformance = createResultFileReader<ConformanceResult>({
  name: 'conformance.json',
  version: CONFORMANCE_SCHEMA_VERSION,
  schema: new URL('./schemas/conformance.schema.json', import.meta.url),
  upgrades: { 1: upgradeConformanceResult },
});
