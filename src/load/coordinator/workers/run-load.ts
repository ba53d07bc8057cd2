// A load test as a part of a longer work, which ends where none can be run any more: on this machine, or with agents.
import { type Parsed, parsed } from '../../../units/parsed.ts';
import type { LoadtestResult } from '../../result/result.ts';
import { runLoadTest } from '../run.ts';
import type { LoadRunOptions } from '../run-options.ts';

/** Not ok: why no load test can be run, one sentence. */
export type RunLoad = (options: LoadRunOptions) => Promise<Parsed<LoadtestResult>>;

export const runLoadHere: RunLoad = async (options) => parsed(await runLoadTest(options));
