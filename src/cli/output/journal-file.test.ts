// The journal beside the reports: whole, without secrets, gone when reports are there, and never overwritten by the next run.
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRETS } from '../../kit/secrets.ts';
import { readLoadtest } from '../../load/result/read-loadtest.ts';
import { buildLoadtestResult } from '../../testing/builders/loadtest-result-builder.ts';
import { JOURNAL_FILE, openJournal } from './journal-file.ts';

const RESULT = buildLoadtestResult({ seed: 1 });
let folder: string;
let said: string[];
const say = (line: string) => void said.push(line);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'norn-journal-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the journal file', () => {
  it('is a result that can be read as one, and is gone when the reports are written', async () => {
    const journal = openJournal(folder, say);
    await journal.write(RESULT);
    expect(readLoadtest(join(folder, JOURNAL_FILE))).toEqual({ ok: true, value: RESULT });
    expect(readdirSync(folder)).toEqual([JOURNAL_FILE]);
    journal.end(true);
    expect([readdirSync(folder), said]).toEqual([[], []]);
  });

  it('stays when a report could not be written, and says what shows it', async () => {
    const journal = openJournal(folder, say);
    await journal.write(RESULT);
    journal.end(false);
    expect(readdirSync(folder)).toEqual([JOURNAL_FILE]);
    expect(said).toEqual([expect.stringContaining(`norn-loadtest report ${join(folder, JOURNAL_FILE)}`)]);
  });

  it('is gone when the whole result is written and another report is not, and that result is named', async () => {
    const journal = openJournal(folder, say);
    await journal.write(RESULT);
    journal.end(false, join(folder, 'loadtest.json'));
    expect(readdirSync(folder)).toEqual([]);
    expect(said).toEqual([
      `the whole result is written; to show it: norn-loadtest report ${join(folder, 'loadtest.json')}`,
    ]);
  });

  it('holds no secret', async () => {
    SECRETS.add('open-sesame-17');
    await openJournal(folder, say).write({
      ...RESULT,
      command: 'norn-loadtest --broadcast-token open-sesame-17',
    });
    const text = readFileSync(join(folder, JOURNAL_FILE), 'utf8');
    expect(text).toContain('--broadcast-token ***');
    expect(text).not.toContain('open-sesame-17');
  });

  it('of an earlier run is kept under a name with its time, and said with the command that shows it', async () => {
    writeFileSync(join(folder, JOURNAL_FILE), JSON.stringify(RESULT));
    utimesSync(join(folder, JOURNAL_FILE), 0, Date.UTC(2026, 0, 2, 3, 4, 5) / 1_000);
    writeFileSync(join(folder, `${JOURNAL_FILE}.99999.tmp`), 'half a j');
    const journal = openJournal(folder, say);
    const kept = join(folder, 'loadtest.journal-2026-01-02T03-04-05.json');
    expect(said).toEqual([expect.stringContaining(`norn-loadtest report ${kept}`)]);
    expect(readLoadtest(kept)).toEqual({ ok: true, value: RESULT });
    await journal.write(RESULT);
    journal.end(true);
    expect(readdirSync(folder)).toEqual(['loadtest.journal-2026-01-02T03-04-05.json']);
  });

  it('of five earlier runs are kept; the oldest is removed for another, and said', () => {
    for (let year = 2020; year < 2027; year++) {
      said = [];
      writeFileSync(join(folder, JOURNAL_FILE), JSON.stringify(RESULT));
      utimesSync(join(folder, JOURNAL_FILE), 0, Date.UTC(year, 0, 1) / 1_000);
      openJournal(folder, say);
    }
    const years = readdirSync(folder).map((name) =>
      name.slice('loadtest.journal-'.length, -'-01-01T00-00-00.json'.length),
    );
    expect(years.sort()).toEqual(['2022', '2023', '2024', '2025', '2026']);
    expect(said).toHaveLength(2);
    expect(said[1]).toContain('removed');
  });

  it('that cannot be written is said once, and ends no run', async () => {
    const journal = openJournal(folder, say);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file stands here');
    await journal.write(RESULT);
    await journal.write(RESULT);
    journal.end(false);
    expect(said).toEqual([expect.stringMatching(/^cannot write the journal .+, the run goes on: EEXIST/)]);
  });
});
