// conformance.json: the result itself (src/conformance/schemas/conformance.schema.json).
import type { ConformanceResult } from '../../conformance/result.ts';

export function renderConformanceJson(result: ConformanceResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
