// A row of the kill matrix: one hub and the verdict of every check on it.
import type { Verdict } from '../../conformance/finding.ts';
import type { Expectation } from '../defect.ts';
import type { Verdicts } from './kept-verdicts.ts';

export interface Subject {
  /** `binary-opcode`, `go: binary-opcode`, `reference`. */
  readonly id: string;
  /**
   * correct: must fail nothing; known: fails exactly what names it; defect: at least what names it must catch it.
   */
  readonly kind: 'correct' | 'known' | 'defect';
  /** Of the page: a class of defects, or the hubs that must not fail. */
  readonly group: string;
  /** What the hub is, or what its users see. */
  readonly summary: string;
  /** Class in the catalogue of bugs; empty for a correct hub. */
  readonly bugClass: string;
  readonly namedBy: Expectation;
  /** The declared ping interval, where the bug is about pings; the command sets it. */
  readonly pingIntervalMillis?: number;
  /** What `norn-conformance --spawn` starts. */
  readonly command: string;
}

export interface MatrixRow {
  readonly subject: Subject;
  readonly verdicts: Verdicts;
}

/** Ids of the checks with one of these verdicts, in the order of the suite. */
export function checksWith({ verdicts }: MatrixRow, ...wanted: readonly Verdict[]): readonly string[] {
  return [...verdicts].filter(([, verdict]) => wanted.includes(verdict)).map(([id]) => id);
}
