// A loadtest.json from disk.
import { createResultFileReader } from '../../files/result-file.ts';
import { LOADTEST_SCHEMA_VERSION, type LoadtestResult } from './result.ts';
import { upgradeLoadtestResult } from './version-1/upgrade-loadtest-result.ts';

export const readLoadtest = createResultFileReader<LoadtestResult>({
  name: 'loadtest.json',
  version: LOADTEST_SCHEMA_VERSION,
  schema: new URL('../schemas/loadtest.schema.json', import.meta.url),
  upgrades: { 1: upgradeLoadtestResult },
});
