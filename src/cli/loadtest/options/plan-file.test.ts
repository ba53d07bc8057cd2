// A plan file: which fields it has, and the one line for each mistake.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { flag, text } from '../../options/option.ts';
import { readPlanFile } from './plan-file.ts';
import { PLAN_OPTIONS } from './plan-options.ts';

const OPTIONS = { ...PLAN_OPTIONS, spawn: text('', 'CMD'), observe: flag(''), output: text('', 'DIR') };
const folder = mkdtempSync(join(tmpdir(), 'norn-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(yaml: string) {
  const path = join(folder, 'plan.yaml');
  writeFileSync(path, yaml);
  return readPlanFile(path, OPTIONS);
}

describe('readPlanFile', () => {
  it('reads the values of every option it is given, and the url', () => {
    const yaml =
      "url: ws://127.0.0.1:1/ws\nclients: 5\ncohort: ['a=1', 'b=2']\nduration: 2s\nspawn: ./hub --port 0\noutput: out\nobserve: true\n";
    expect(read(yaml)).toEqual({
      urls: ['ws://127.0.0.1:1/ws'],
      values: {
        clients: 5,
        cohort: ['a=1', 'b=2'],
        duration: 2_000,
        spawn: './hub --port 0',
        output: 'out',
        observe: true,
      },
      cohortClient: undefined,
    });
  });

  it('reads what one cohort says of its clients', () => {
    const yaml =
      "cohort: ['a=1', 'b=2']\ncohort-client:\n  b:\n    client-header: 'X-A: {client}'\n    client-data: b.csv\n    client-data-reuse: true\n    subprotocol: [v1, v2]\n";
    expect(read(yaml).cohortClient).toEqual({
      b: {
        clientHeader: ['X-A: {client}'],
        clientData: 'b.csv',
        clientDataReuse: true,
        subprotocol: ['v1', 'v2'],
      },
    });
    expect(() => read('cohort-client:\n  b:\n    clients: 5\n')).toThrow('clients');
  });

  it.each([
    ['spwan: ./hub', 'spwan'],
    ['clients: 0', 'expected a whole number from 1'],
    ['observe: maybe', 'observe'],
  ])('refuses %j', (yaml, problem) => {
    expect(() => read(yaml)).toThrow(problem);
  });

  it.each([
    ['18777', '18777: neither a plan file nor a URL; did you mean --ui=18777?'],
    ['5s', '5s: neither a plan file nor a URL; did you mean --abort-on-breach=5s?'],
    ['127.0.0.1:8800/ws', 'did you mean ws://127.0.0.1:8800/ws?'],
    ['missing.yaml', 'missing.yaml: no such file (a plan), and not a ws:// URL'],
  ])('says of %s what it may be', (path, problem) => {
    expect(() => readPlanFile(path, OPTIONS)).toThrow(problem);
  });
});
