// Defect tests of the chapter slow-client: stalled clients need most of the machine, so only two hubs run at once.
import { describe } from 'vitest';
import { DEFECTS } from '../registry.ts';
import { namingChecks, registerDefectTests } from './register-defect-tests.ts';

for (const chapter of ['slow-client']) {
  const defects = DEFECTS.filter((defect) => namingChecks(defect)[0]?.chapter === chapter);
  describe(`defect tests: ${chapter}`, () => registerDefectTests(defects, 2));
}
