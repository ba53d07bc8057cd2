// Completion: commands first, then the options of the command that is named.
import { describe, expect, it } from 'vitest';
import { COMMANDS, RUN_COMMAND } from '../loadtest/commands.ts';
import { listCompletions } from './completion.ts';

const complete = (...words: string[]) =>
  listCompletions({ spec: RUN_COMMAND.spec, commands: COMMANDS }, words);

describe('listCompletions', () => {
  it('completes the names of commands', async () => {
    expect(await complete('re')).toEqual(['replay', 'record', 'report']);
  });

  it('completes the options of a run where no command is named', async () => {
    expect(await complete('--clients', '5', '--thr')).toContain('--threshold');
  });

  it('completes what says who the clients are', async () => {
    expect(await complete('--client-')).toEqual(
      expect.arrayContaining(['--client-header', '--client-data', '--client-data-reuse']),
    );
    expect(await complete('record', '--or')).toContain('--origin');
  });

  it('completes the options of the command', async () => {
    const options = await complete('replay', '--');
    expect(options).toContain('--runs');
    expect(options).not.toContain('--clients');
  });

  it('is silent where an option lacks its value', async () => {
    expect(await complete('report', '--output')).not.toContain('--clients');
  });
});
