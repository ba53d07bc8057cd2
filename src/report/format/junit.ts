// JUnit XML as CI systems read it, built from suites and cases. Counts are made here, so that they agree with the cases.
import XmlBuilder from 'fast-xml-builder';
import { visibleText } from './visible-text.ts';

export type JunitOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed' | 'error';
      readonly type: string;
      readonly message: string;
      readonly text?: string;
    }
  | { readonly kind: 'skipped'; readonly message: string }
  /** A pass that a person should look at. */
  | { readonly kind: 'warned'; readonly text: string };

export interface JunitCase {
  readonly name: string;
  readonly className: string;
  readonly outcome: JunitOutcome;
  readonly seconds?: number;
  readonly file?: string;
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
  readonly seconds?: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly properties?: readonly (readonly [name: string, value: string | number])[];
}

export function renderJunit(name: string, seconds: number, suites: readonly JunitSuite[]): string {
  const builder = new XmlBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  const cases = suites.flatMap((suite) => suite.cases);
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': name,
      ...countCases(cases),
      '@time': writeSeconds(seconds),
      testsuite: suites.map(describeSuite),
    },
  });
}

function describeSuite({ name, cases, seconds, startedAt, properties = [] }: JunitSuite) {
  return {
    '@name': name,
    ...countCases(cases),
    '@time': writeSeconds(seconds),
    '@timestamp': startedAt.replace(/\.\d+Z$/, ''),
    '@hostname': 'localhost',
    ...(properties.length > 0 && {
      properties: {
        property: properties.map(([key, value]) => ({
          '@name': visibleText(key),
          '@value': visibleText(String(value)),
        })),
      },
    }),
    testcase: cases.map(describeCase),
  };
}

function describeCase({ name, className, file, seconds, outcome }: JunitCase) {
  return {
    '@name': visibleText(name),
    '@classname': visibleText(className),
    ...(file !== undefined && { '@file': visibleText(file) }),
    '@time': writeSeconds(seconds),
    ...describeOutcome(outcome),
  };
}

function describeOutcome(outcome: JunitOutcome) {
  switch (outcome.kind) {
    case 'passed':
      return {};
    case 'warned':
      return { 'system-out': visibleText(`warning: ${outcome.text}`) };
    case 'skipped':
      return { skipped: { '@message': visibleText(outcome.message) } };
    default: {
      const { kind, type, message, text = '' } = outcome;
      return {
        [kind === 'failed' ? 'failure' : 'error']: {
          '@message': visibleText(message),
          '@type': type,
          ...(text !== '' && { '#text': visibleText(text) }),
        },
      };
    }
  }
}

function countCases(cases: readonly JunitCase[]) {
  const count = (wanted: JunitOutcome['kind']) =>
    cases.filter(({ outcome }) => outcome.kind === wanted).length;
  return {
    '@tests': cases.length,
    '@failures': count('failed'),
    '@errors': count('error'),
    '@skipped': count('skipped'),
  };
}

function writeSeconds(seconds = 0): string {
  return seconds.toFixed(3);
}
