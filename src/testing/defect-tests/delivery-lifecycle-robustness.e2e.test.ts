// Defect tests of the chapters delivery, lifecycle and robustness: four hubs run at once.
import { describe } from 'vitest';
import { DEFECTS } from '../registry.ts';
import { namingChecks, registerDefectTests } from './register-defect-tests.ts';

for (const chapter of ['delivery', 'lifecycle', 'robustness']) {
  const defects = DEFECTS.filter((defect) => namingChecks(defect)[0]?.chapter === chapter);
  describe(`defect tests: ${chapter}`, () => registerDefectTests(defects, 4));
}
