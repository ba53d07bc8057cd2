// The judge on the known-bad hubs whose bug shows in delivery to healthy readers, the end of connections or illegal bytes.
import { describe } from 'vitest';
import { DEFECTS } from '../registry.ts';
import { holdJudgeToWord, namingChecks } from './defect-test.ts';

for (const chapter of ['delivery', 'lifecycle', 'robustness']) {
  const defects = DEFECTS.filter((defect) => namingChecks(defect)[0]?.chapter === chapter);
  describe(`the judge on known-bad hubs: ${chapter}`, () => holdJudgeToWord(defects, 4));
}
