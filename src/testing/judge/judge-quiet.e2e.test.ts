// The judge on the known-bad hubs whose bug shows in handshake, the origin rule or the content of events.
import { describe } from 'vitest';
import { DEFECTS } from '../registry.ts';
import { holdJudgeToWord, namingChecks } from './defect-test.ts';

for (const chapter of ['handshake', 'origin', 'envelope']) {
  const defects = DEFECTS.filter((defect) => namingChecks(defect)[0]?.chapter === chapter);
  describe(`the judge on known-bad hubs: ${chapter}`, () => holdJudgeToWord(defects, 4));
}
