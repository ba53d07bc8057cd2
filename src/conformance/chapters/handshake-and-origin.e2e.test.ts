// The chapters handshake and origin against hubs with one defect: what is blamed, and what is not.
import { describe, expect, it } from 'vitest';
import { judgeDefect } from '../../testing/defect-tests/judge-defect.ts';
import type { CheckResult } from '../result.ts';
import { handshakeChecks } from './handshake.ts';
import { originChecks } from './origin.ts';

const CHECKS = [...handshakeChecks, ...originChecks];
const settings = { allowedOrigins: ['https://norn.example.com', 'http://dash.example:8443'] };

const blamed = (results: ReadonlyMap<string, CheckResult>) =>
  [...results.values()]
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id, verdict }) => `${verdict} ${id}`);

describe.concurrent('the chapters handshake and origin', () => {
  it('find nothing wrong with a correct hub', { timeout: 120_000 }, async () => {
    const results = await judgeDefect('correct', CHECKS, settings);
    expect(blamed(results)).toEqual([]);
  });

  it('pass no origin check of a hub that says yes to everything', { timeout: 120_000 }, async () => {
    const results = await judgeDefect('yes-hub', originChecks, settings);
    const passed = [...results.values()].filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual([]);
  });
});
