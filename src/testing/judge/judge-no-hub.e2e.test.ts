// The judge on what is no hub at all: nothing of it may pass for delivery, for the care of slow clients, or for a rule
// about origins.
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../conformance/registry.ts';
import { judgeDefect } from './judge-defect.ts';

const CHAPTERS = ['delivery', 'slow-client', 'origin'];
const SETTINGS = {
  patienceMillis: 300,
  kickDeadlineMillis: 500,
  allowedOrigins: ['https://norn.example.com'],
};

describe.concurrent('the judge', () => {
  for (const id of ['null-hub', 'mute-hub', 'yes-hub']) {
    it(`passes nothing of the ${id}`, { timeout: 120_000 }, async () => {
      const checks = CHECKS.filter(({ chapter }) => CHAPTERS.includes(chapter));
      const results = await judgeDefect(id, checks, SETTINGS);
      expect(
        [...results.values()].filter(({ verdict }) => verdict === 'pass').map((each) => each.id),
      ).toEqual([]);
    });
  }
});
