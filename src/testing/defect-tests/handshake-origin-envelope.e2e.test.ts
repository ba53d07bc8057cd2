// Defect tests of the chapters handshake, origin and envelope: the defects need little traffic, so four hubs run at once.
import { describe } from 'vitest';
import { DEFECTS } from '../registry.ts';
import { namingChecks, registerDefectTests } from './register-defect-tests.ts';

for (const chapter of ['handshake', 'origin', 'envelope']) {
  const defects = DEFECTS.filter((defect) => namingChecks(defect)[0]?.chapter === chapter);
  describe(`defect tests: ${chapter}`, () => registerDefectTests(defects, 4));
}
