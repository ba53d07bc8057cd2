// A run is repeated by pasting a line into a shell.
import { describe, expect, it } from 'vitest';
import { flag, integer, text, texts } from '../options/option.ts';
import { rerunCommand } from './rerun-command.ts';

const options = {
  cohort: texts('', 'COHORT'),
  clients: integer('', 'N', 1, 100),
  spawn: text('', 'CMD'),
  'broadcast-header': texts('', 'HEADER'),
  'client-header': texts('', 'HEADER'),
  output: text('', 'DIR'),
  quiet: flag(''),
  ui: { ...integer('', 'PORT', 0, 9), bareValue: '0' },
};
const again = (
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  script = '/usr/bin/norn',
) =>
  rerunCommand({ program: 'norn', options, argv, environment, dropped: ['output', 'quiet', 'ui'], script });

describe('the command that repeats a run', () => {
  it('keeps what was typed, quoted for a shell', () => {
    expect(again(['a b.yaml', '--cohort', 'x=5:stall(after=100)', "--spawn=it's $HOME"])).toBe(
      `norn 'a b.yaml' --cohort 'x=5:stall(after=100)' '--spawn=it'\\''s $HOME'`,
    );
  });

  it('leaves out where reports go and what is shown, with their values', () => {
    expect(again(['--output', 'x', '--ui', 'ws://h/ws', '--quiet', '--output=y', '--ui=3'])).toBe(
      'norn ws://h/ws',
    );
  });

  it('repeats what the environment said, unless a flag said it too', () => {
    expect(again(['--clients', '3'], { NORN_CLIENTS: '5', NORN_COHORT: 'a=1, b=2', NORN_OUTPUT: 'x' })).toBe(
      "NORN_COHORT='a=1, b=2' norn --clients 3",
    );
  });

  it.each([
    ['/home/me/.npm/_npx/0a1b/node_modules/.bin/norn', 'npx norn --clients 3'],
    ['/home/me/app/node_modules/norn-loadtest/dist/cli/bin/norn.js', 'npx norn --clients 3'],
    ['C:\\app\\node_modules\\norn-loadtest\\dist\\norn.js', 'npx norn --clients 3'],
    ['/usr/local/bin/norn', 'norn --clients 3'],
    ['/home/me/norn-loadtest/dist/cli/norn.js', 'norn --clients 3'],
  ])('begins with npx where the program is a dependency: %s', (script, command) => {
    expect(again(['--clients', '3'], {}, script)).toBe(command);
  });

  it.each([
    ['Authorization: Bearer {token}', "'Authorization: Bearer {token}'"],
    ['Cookie: sid={env:SID}; app={app}', "'Cookie: sid={env:SID}; app={app}'"],
    ['X-App: shop', "'X-App: shop'"],
    ['Authorization: Bearer abc', "'Authorization: ***'"],
    ['Cookie: sid=abc', "'Cookie: ***'"],
    ['X-Api-Key: k-{client}', "'X-Api-Key: ***'"],
  ])('keeps placeholders of a client header, and no proof of who it is: %s', (header, kept) => {
    expect(again(['--client-header', header])).toBe(`norn --client-header ${kept}`);
  });

  it('does not tell what is kept in the environment because it is secret', () => {
    expect(again([], { NORN_BROADCAST_HEADER: 'Authorization: secret' })).toBe('norn');
  });
});
