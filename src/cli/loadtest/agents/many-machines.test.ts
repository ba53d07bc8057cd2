// What docs/many-machines.md shows works as written: commands are understood, the service and the manifest start an agent.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../options/command-line.ts';
import { environmentName } from '../../options/environment.ts';
import { COMMANDS, RUN_COMMAND } from '../commands.ts';
import { AGENT_SPEC } from '../specs/agent-spec.ts';

const PAGE = readFileSync(new URL('../../../../docs/many-machines.md', import.meta.url), 'utf8');
const PLACEHOLDERS = /\bN\b|\bURL\b|\bFILE\b/;
const NATS_VARIABLE = environmentName('nats');

/** Each command of the page, in words; one that goes on in the next line is one. */
const commands = [...PAGE.replaceAll(/ \\\n\s*/g, ' ').matchAll(/^ {4}npx norn-loadtest(.*)$/gm)].map(
  ([, rest = '']) => [...rest.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
);
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1] ?? '';

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly topologySpreadConstraints: readonly { readonly labelSelector: unknown }[];
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
        }[];
      };
    };
  };
}

describe('docs/many-machines.md', () => {
  it('has commands that are understood', async () => {
    expect(commands.length).toBeGreaterThan(3);
    for (const words of commands) {
      const named = COMMANDS.find(({ name }) => name === words[0]);
      const { spec } = named ?? RUN_COMMAND;
      const argv = (named ? words.slice(1) : words).filter((word) => !PLACEHOLDERS.test(word));
      expect((await parseCommandLine(spec, argv, {})).kind, words.join(' ')).toBe('run');
    }
  });

  it('has a service that starts an agent, with a variable that it reads', async () => {
    const lines = new Map(
      block('ini')
        .split('\n')
        .map((line) => line.split(/=(.*)/s) as [string, string]),
    );
    expect(lines.get('ExecStart')).toMatch(/^\/opt\/norn\/node_modules\/\.bin\/norn-loadtest agent$/);
    const [, value = ''] = (lines.get('Environment') ?? '').split(`${NATS_VARIABLE}=`);
    const line = await parseCommandLine(AGENT_SPEC, [], { [NATS_VARIABLE]: value });
    expect(line).toMatchObject({ kind: 'run', values: { nats: 'nats://10.0.0.5' } });
    expect(lines.get('WorkingDirectory')).toBe('/opt/norn');
    expect(lines.get('WantedBy')).toBe('multi-user.target');
  });

  it('has a manifest whose pods are selected, spread and start an agent', () => {
    const { kind, spec } = parse(block('yaml')) as Deployment;
    expect(kind).toBe('Deployment');
    const { metadata, spec: pod } = spec.template;
    expect(metadata.labels).toEqual(spec.selector.matchLabels);
    expect(pod.topologySpreadConstraints[0]?.labelSelector).toEqual(spec.selector);
    const [container] = pod.containers;
    expect(container?.command.slice(0, 2)).toEqual(['sh', '-c']);
    expect(container?.command[2]).toMatch(/norn-loadtest agent$/);
    expect(container?.env.map(({ name }) => name)).toEqual([NATS_VARIABLE]);
  });
});
