// The judge on the known-bad hubs whose bug shows in handshake, the origin rule or the content of events.
import { describe } from 'vitest';
import { holdJudgeToWord, namingChecks } from './hold-judge-to-word.ts';
import { DEFECTS } from './registry.ts';

for (const chapter of ['handshake', 'origin', 'envelope']) {
  const defects = DEFECTS.filter((defect) => namingChecks(defect)[0]?.chapter === chapter);
  describe(`the judge on known-bad hubs: ${chapter}`, () => holdJudgeToWord(defects, 4));
}
