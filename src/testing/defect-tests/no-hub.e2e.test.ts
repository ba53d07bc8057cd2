// The suite on servers that are no hub at all: no check of delivery, slow clients or origins passes.
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../conformance/registry.ts';
import { judgeDefect } from './judge-defect.ts';

const CHAPTERS = ['delivery', 'slow-client', 'origin'];
const SETTINGS = {
  waitMillis: 300,
  kickDeadlineMillis: 500,
  allowedOrigins: ['https://norn.example.com'],
};

describe.concurrent('the suite on a server that is no hub', () => {
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
