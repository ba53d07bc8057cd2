// House rules held by a test: which folder may import which, where each package may be used, who may print, exit or
// read the clock, how large files and folders may grow, and that every file opens with what it is for.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = dirname(fileURLToPath(import.meta.url));

// Each folder and the folders it may import from, besides itself.
const BASE = ['units', 'files', 'time', 'protocol', 'kit'];
const ALLOWED_IMPORTS: Record<string, readonly string[]> = {
  units: [],
  kit: ['units'],
  time: [],
  files: ['units'],
  protocol: ['units', 'files', 'time'],
  wire: BASE,
  hub: [...BASE, 'wire'],
  target: [...BASE, 'wire'],
  client: [...BASE, 'wire'],
  ledger: [...BASE, 'wire', 'client'],
  faults: [...BASE, 'wire', 'target'],
  scenario: [...BASE, 'wire', 'client', 'ledger', 'target'],
  session: [...BASE, 'wire', 'client', 'ledger', 'target'],
  fixture: [...BASE, 'wire', 'client', 'ledger', 'target', 'faults', 'session', 'scenario'],
  conformance: [...BASE, 'wire', 'client', 'ledger', 'target', 'session', 'scenario', 'fixture'],
  load: [...BASE, 'wire', 'client', 'ledger', 'target', 'faults', 'session', 'scenario'],
  agents: [...BASE, 'wire', 'load', 'faults', 'target'],
  report: ['units', 'files', 'time', 'protocol'],
  library: [
    ...[...BASE, 'client', 'target', 'faults', 'scenario', 'fixture', 'conformance', 'load', 'agents'],
    'report',
  ],
  cli: [
    ...[...BASE, 'wire', 'client', 'ledger', 'target', 'faults', 'scenario', 'conformance'],
    ...['load', 'report', 'hub'],
    'fixture',
    'library',
    'agents',
  ],
};
// A report is a function of a result: it may know the result's types, never the code that made it.
const ALLOWED_TYPE_IMPORTS: Record<string, readonly string[]> = {
  report: [
    'conformance',
    'load',
    'faults',
    'ledger',
    'session',
    'scenario',
    'fixture',
    'target',
    'client',
    'wire',
  ],
};

// Pure modules whose values a report may import too: what a run amounts to is decided in one place.
const PURE_MODULES: readonly string[] = [
  'conformance/verdict.ts',
  'conformance/causes/catalogue.ts',
  'conformance/causes/follows.ts',
  'conformance/causes/handshake-causes.ts',
  'conformance/causes/fold-causes.ts',
  'load/result/inconclusive-findings.ts',
];

const PACKAGE_HOMES: Record<string, readonly string[]> = {
  ws: ['hub', 'cli'],
  ajv: ['files', 'protocol'],
  'csv-parse': ['target'],
  yaml: ['files', 'fixture', 'scenario', 'load', 'conformance'],
  yargs: ['cli'],
  'cli-table3': ['report', 'load', 'cli'],
  autocannon: ['load'],
  'fast-check': ['conformance'],
  'fast-xml-builder': ['report'],
  'prom-client': ['hub'],
  '@opentelemetry': ['load'],
  koffi: ['wire'],
  '@nats-io': ['agents'],
};

// Time comes in as an argument (src/time/clock.ts). These touch it directly, each for a reason.
const RAW_TIME =
  /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bprocess\.hrtime\b|\bset(Timeout|Interval)\(/;
const RAW_TIME_HOMES: readonly RegExp[] = [
  /^time\//, // binds the clock of the machine
  /^cli\//, // programs
  /^kit\/process-health\.ts$/, // measures how late real timers of this process are
];
// Where the clock of the machine may be bound instead of being handed in.
const SYSTEM_CLOCK_HOMES: readonly RegExp[] = [
  /^time\//,
  /^(cli|library)\//,
  /-process\.ts$/, // programs
  /^hub\/hub\.ts$/, // the default of createHub
  /^target\//, // drives real processes and real HTTP: their deadlines are real
  /^load\/coordinator\/worker-pool\.ts$/, // waits for real worker processes
  /^conformance\/run\/(runner|run-conformance)\.ts$/, // where a run of the suite begins
];

const MAX_FILE_LINES = 250;
/** Files in a folder itself, those of its subfolders not counted. */
const MAX_FOLDER_FILES = 15;

interface SourceFile {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

const sources: readonly SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({
    path: name,
    folder: name.includes('/') ? (name.split('/')[0] ?? '') : '',
    text: readFileSync(join(SRC, name), 'utf8'),
  }));
const isTest = (file: SourceFile) => /\.(test|bench)\.ts$/.test(file.path);
const product = sources.filter((file) => !isTest(file) && !['testing', 'bench', ''].includes(file.folder));

interface Import {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

function importsOf(file: SourceFile): Import[] {
  const statements = file.text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm,
  );
  // `import('x')` and `createRequire(…)('x')` when it runs; `typeof import('x')` is a type.
  const calls = file.text.matchAll(
    /(?<!typeof )\bimport\(\s*['"]([^'"]+)['"]|\bcreateRequire\([^)]*\)(?:\.resolve)?\(\s*['"]([^'"]+)['"]/g,
  );
  return [
    ...[...statements].map((match) => ({
      specifier: match[2] ?? match[3] ?? '',
      isTypeOnly: match[1] !== undefined,
    })),
    ...[...calls].map((match) => ({ specifier: match[1] ?? match[2] ?? '', isTypeOnly: false })),
  ];
}

function moduleOf(file: SourceFile, specifier: string): string {
  return relative(SRC, resolve(SRC, dirname(file.path), specifier));
}

function folderOf(file: SourceFile, specifier: string): string {
  return moduleOf(file, specifier).split('/')[0] ?? '';
}

describe('the source tree', () => {
  it('imports in one direction only', () => {
    const wrong = product.flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .filter(
          ({ specifier }) => file.folder !== 'report' || !PURE_MODULES.includes(moduleOf(file, specifier)),
        )
        .map((imported) => ({ ...imported, to: folderOf(file, imported.specifier) }))
        .filter(({ to }) => to !== file.folder && !(ALLOWED_IMPORTS[file.folder] ?? []).includes(to))
        .filter(
          ({ to, isTypeOnly }) => !(isTypeOnly && (ALLOWED_TYPE_IMPORTS[file.folder] ?? []).includes(to)),
        )
        .map(({ to, specifier }) => `${file.path} imports ${specifier} (${file.folder} may not know ${to})`),
    );
    expect(wrong).toEqual([]);
  });

  it('imports only types, and other pure modules, into the pure modules that reports use', () => {
    const wrong = sources
      .filter(({ path }) => PURE_MODULES.includes(path))
      .flatMap((file) =>
        importsOf(file).filter(
          ({ isTypeOnly, specifier }) => !isTypeOnly && !PURE_MODULES.includes(moduleOf(file, specifier)),
        ),
      );
    expect(wrong).toEqual([]);
    expect(sources.filter(({ path }) => PURE_MODULES.includes(path))).toHaveLength(PURE_MODULES.length);
  });

  it('uses each package only where it belongs', () => {
    const wrong = product.flatMap((file) =>
      importsOf(file)
        .filter(
          ({ specifier, isTypeOnly }) =>
            !specifier.startsWith('.') && !specifier.startsWith('node:') && !isTypeOnly,
        )
        .map(({ specifier }) => specifier.split('/')[0] ?? '')
        .filter((name) => !(PACKAGE_HOMES[name] ?? []).includes(file.folder))
        .map(
          (name) =>
            `${file.path} imports ${name} (allowed in: ${PACKAGE_HOMES[name]?.join(', ') ?? 'nowhere'})`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('prints and exits only in programs', () => {
    const wrong = product
      .filter((file) => file.folder !== 'cli' && !file.path.endsWith('-process.ts')) // programs
      .filter((file) => /^(?! *\*).*(\bconsole\.|process\.(exit\(|argv|stdout|stderr))/m.test(file.text))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it('opens each file with a comment on what the file is for', () => {
    const wrong = sources.filter((file) => !/^(#!.*\n)?\/\/ \S/.test(file.text)).map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it('has no default export and no catch-all file', () => {
    const wrong = product
      .filter(
        (file) =>
          /^export default/m.test(file.text) || /(^|\/)(utils?|common|helpers?|misc)(\.|\/)/.test(file.path),
      )
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it('takes time from a clock that is handed in', () => {
    const isAllowed = (file: SourceFile, homes: readonly RegExp[]) =>
      homes.some((home) => home.test(file.path));
    const wrong = product.flatMap((file) => [
      ...(RAW_TIME.test(file.text) && !isAllowed(file, RAW_TIME_HOMES)
        ? [`${file.path} reads the time or sets a timer of its own; take a Clock`]
        : []),
      ...(/\bsystemClock\b/.test(file.text) && !isAllowed(file, SYSTEM_CLOCK_HOMES)
        ? [`${file.path} binds systemClock; take a Clock`]
        : []),
    ]);
    expect(wrong).toEqual([]);
  });

  it('puts the unit of a time into its name', () => {
    const bare = /\b\w*(?:timeout|interval|delay|deadline|grace|duration|latency|elapsed)\??: number\b/i;
    const wrong = product.flatMap((file) => {
      const found = bare.exec(file.text);
      return found ? [`${file.path}: "${found[0]}" needs a unit (Millis, Micros)`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('keeps files small enough to read', () => {
    const wrong = product
      .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_FILE_LINES)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(wrong).toEqual([]);
  });

  it('keeps folders small enough to see at once', () => {
    const counts = new Map<string, number>();
    for (const name of readdirSync(SRC, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const folder = relative(SRC, name.parentPath);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const wrong = [...counts].filter(([, files]) => files > MAX_FOLDER_FILES);
    expect(wrong.map(([folder, files]) => `${folder}: ${files} files`)).toEqual([]);
  });
});
