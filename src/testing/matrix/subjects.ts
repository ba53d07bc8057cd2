// Every hub of the kill matrix: the correct ones first, then the known-bad ones in TypeScript, Go and Python. A hub that
// this machine cannot start is left out with its reason.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { programFile } from '../../target/spawn/program-file.ts';
import type { Defect } from '../defect.ts';
import { CATALOGUES } from '../defects/all-defects.ts';
import { buildGo } from '../external/build-go.ts';
import { EXTERNAL_LANGUAGES, type ExternalLanguage } from '../external/external-hubs.ts';
import { CORRECT_HUB_ID, findDefect } from '../registry.ts';
import type { Subject } from './row.ts';

export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Why some are missing, one sentence each. */
  readonly missing: readonly string[];
}

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const CORRECT_GROUP = 'Hubs that must not fail';

const example = (path: string): string =>
  fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
const program = (path: string): string =>
  `'${process.execPath}' '${programFile(new URL(path, import.meta.url))}'`;
const correct = (id: string, summary: string, command: string): Subject => ({
  ...{ id, kind: 'correct', group: CORRECT_GROUP, summary, bugClass: '', namedBy: {}, command },
});

export async function listSubjects(): Promise<Subjects> {
  const missing: string[] = [];
  const subjects = [
    correct('reference', 'norn-hub, the reference hub', `${program('../../cli/hub.ts')} --port 0`),
    correct(
      CORRECT_HUB_ID,
      'the hub that the TypeScript defects are made from',
      defectCommand({ id: CORRECT_HUB_ID }),
    ),
    correct('node-ws', 'examples/node-ws', `'${process.execPath}' '${example('node-ws/hub.mjs')}'`),
    ...(await listGoExamples(missing)),
    ...(await listPythonExample(missing)),
    ...CATALOGUES.flatMap(({ title, defects }) => defects.map((defect) => defectSubject(defect, title))),
  ];
  for (const language of EXTERNAL_LANGUAGES) subjects.push(...(await listExternal(language, missing)));
  return { subjects, missing };
}

function defectSubject(defect: Defect, group: string): Subject {
  return { ...defect, kind: 'defect', group, command: defectCommand(defect) };
}

function defectCommand({ id, pingIntervalMillis }: Pick<Defect, 'id' | 'pingIntervalMillis'>): string {
  const pings = pingIntervalMillis === undefined ? '' : ` --ping-interval ${pingIntervalMillis}`;
  return `${program('../programs/run-defect.ts')} ${id} --port 0${pings}`;
}

async function listGoExamples(missing: string[]): Promise<readonly Subject[]> {
  const gorilla = await buildGo(example('go-gorilla/hub.go'));
  const diagram = await buildGo(example('go-diagram/hub.go'));
  if (!gorilla.ok || !diagram.ok) {
    missing.push(`the Go examples: ${gorilla.ok ? '' : gorilla.problem}`);
    return [];
  }
  return [
    correct('go-gorilla', 'examples/go-gorilla', `'${gorilla.value}' -port 0`),
    {
      ...correct(
        'go-diagram',
        'examples/go-diagram, as in the protocol’s diagram',
        `'${diagram.value}' -port 0`,
      ),
      kind: 'known',
      namedBy: { 'slow-client.really-disconnected': 'fail' },
    },
  ];
}

async function listPythonExample(missing: string[]): Promise<readonly Subject[]> {
  try {
    await run(PYTHON, ['-c', 'import websockets']);
  } catch {
    missing.push('the Python example: python3-websockets is not installed');
    return [];
  }
  const command = `${PYTHON} '${example('python-websockets/hub.py')}'`;
  return [correct('python-websockets', 'examples/python-websockets', command)];
}

/** An external hub must be caught by the checks that name the TypeScript defect with the same symptom. */
async function listExternal(language: ExternalLanguage, missing: string[]): Promise<readonly Subject[]> {
  const prepared = await language.prepare();
  if (!prepared.ok) {
    missing.push(`the known-bad hubs in ${language.name}: ${prepared.problem}`);
    return [];
  }
  const commandFor = (defect: string): string =>
    [...prepared.value, ...language.argumentsFor(defect, {})].map((word) => `'${word}'`).join(' ');
  const bad = Object.entries(language.defects).map(([id, sameAs]): Subject => {
    const { summary, bugClass, namedBy } = findDefect(sameAs) ?? missingDefect(sameAs);
    const fullId = `${language.name}: ${id}`;
    const group =
      CATALOGUES.find(({ defects }) => defects.some((defect) => defect.id === sameAs))?.title ?? '';
    return { id: fullId, kind: 'defect', group, summary, bugClass, namedBy, command: commandFor(id) };
  });
  const summary = `the hub that the ${language.name} defects are made from`;
  return [correct(`${language.name}: none`, summary, commandFor('none')), ...bad];
}

function missingDefect(id: string): never {
  throw new Error(`no defect is called ${JSON.stringify(id)}`);
}
