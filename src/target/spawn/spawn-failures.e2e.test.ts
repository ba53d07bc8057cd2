// Hubs that do not start, do not answer, or do not end: each is reported in one sentence, and nothing is left running.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { canConnect } from './await-ready.ts';
import { type HubProcess, startHubProcess } from './hub-process.ts';
import { programFile } from './program-file.ts';
import { startStdioTarget } from './stdio.ts';

const node = `'${process.execPath}'`;
const script = (code: string) => `${node} -e '${code}'`;
const lineHub = `${node} '${fileURLToPath(new URL('../../testing/peers/line-hub.mjs', import.meta.url))}'`;
// Says that it is ready, at a port where nobody is, and stays.
const sayReady = 'console.log(JSON.stringify({url:"ws://127.0.0.1:9/ws"}));';
const stay = 'setInterval(() => {}, 1000);';

const opened: Target[] = [];
afterEach(async () => {
  for (const target of opened.splice(0)) await target.close();
});

async function started(command: string): Promise<Target> {
  const start = await startStdioTarget({ command });
  if (!start.ok) throw new Error(start.problem);
  opened.push(start.target);
  return start.target;
}

async function problemOf(command: string, startDeadlineMillis = 15_000, url?: string): Promise<string> {
  const start = await startStdioTarget({ command, startDeadlineMillis, url });
  if (start.ok) opened.push(start.target);
  return start.ok ? 'it started' : start.problem;
}

// What must have printed by the deadline is written in shell: node alone needs longer to start on a busy machine.
describe('a command that does not become a hub', () => {
  it.each([
    ['no-such-hub --port 0', `the hub 'no-such-hub --port 0' could not be started: command not found`],
    ['/etc/passwd/no-such-hub', 'could not be started: command not found'],
    ['no-such-hub && true', 'exited with code 127 (the shell found no such command) before it was ready'],
    ['/etc/passwd', 'could not be started: the file is not executable'],
  ])('is reported: %s', async (command, problem) => {
    expect(await problemOf(command)).toContain(problem);
  });

  it('is reported with its exit code and its last output when it exits at once', async () => {
    const problem = await problemOf(script('console.error("port in use"); process.exit(3)'));
    expect(problem).toContain('exited with code 3 before it was ready; its stderr ended with: port in use');
  });

  it('is reported with its output when it prints no ready line', async () => {
    const problem = await problemOf('echo listening, honest; exec sleep 60', 2_000);
    expect(problem).toContain('printed no ready line such as {"ready":true,"url":"ws://');
    expect(problem).toContain('within 2000 ms; it printed: listening, honest');
  });

  it('is reported when its ready line cannot be used', async () => {
    const notUrl = 'console.log(JSON.stringify({ready:true,url:"here"}));';
    expect(await problemOf(script(notUrl + stay))).toContain('its ready line has url "here"');
    const noUrl = 'console.log(JSON.stringify({ready:true}));';
    expect(await problemOf(script(noUrl + stay))).toContain('its ready line has no url');
  });

  it('is reported when it prints garbage without end, and quoted within bounds', async () => {
    const rubbish = 'x=$(printf %05000d | tr 0 x); while sleep 0.01; do echo $x; done';
    const problem = await problemOf(rubbish, 2_000);
    expect(problem).toContain('it printed: xxx');
    expect(problem.length).toBeLessThan(1_500);
  });

  it('is not confused with another hub at the URL that was given', async () => {
    const other = await started(lineHub);
    expect(await problemOf(lineHub, 15_000, other.url)).toContain('something already listens at');
  });
});

// Answers each request line with what `answer` does with its id, op and events.
const answering = (answer: string) =>
  script(
    `${sayReady} require("readline").createInterface({input:process.stdin}).on("line", (line) => {
      const {id, op, events} = JSON.parse(line); ${answer} });`,
  );

describe('a hub that answers badly on stdout', () => {
  it('cannot broadcast when it answers nothing, and gives that as the reason', async () => {
    const target = await started(script(sayReady + stay));
    expect(target.abilities).toMatchObject({ broadcast: false, stats: false });
    expect(target.abilities.missing.broadcast).toContain('no answer to {"id":1,"op":"broadcast"}');
    expect(await target.broadcast(['{}'])).toMatchObject({ ok: false, kind: 'unsupported' });
  });

  it('cannot broadcast when it says unsupported', async () => {
    const target = await started(answering('console.log(JSON.stringify({id, error:"unsupported"}));'));
    expect(target.abilities.missing.broadcast).toBe(`the hub answered broadcast with 'unsupported'`);
  });

  it('refuses an event with its own words', async () => {
    const refuse = 'console.log(JSON.stringify(events?.length ? {id, error:"too late"} : {id, ok:true}));';
    const target = await started(answering(refuse));
    const problem = 'the hub answered: too late';
    expect(await target.broadcast(['{}'])).toEqual({ ok: false, kind: 'refused', problem });
  });

  it('is not believed when it takes fewer events than it was given', async () => {
    const target = await started(answering('console.log(JSON.stringify({id, ok:true, accepted:0}));'));
    expect(await target.broadcast(['{}'])).toMatchObject({
      ok: false,
      problem: 'the hub took 0 of 1 events',
    });
  });

  it('times out when it stops answering, and takes no late answer for another', async () => {
    const late =
      'setTimeout(() => console.log(JSON.stringify({id, ok:true})), events?.length === 1 ? 1500 : 0);';
    const target = await started(answering(late));
    const outcome = await target.broadcast(['{}'], { deadlineMillis: 300 });
    expect(outcome).toMatchObject({ ok: false, kind: 'timeout' });
    expect(await target.broadcast(['{}', '{}'])).toEqual({ ok: true, accepted: 2 });
  });
});

describe('the end of a hub', () => {
  it('is reported when it comes by itself, with the last output', async () => {
    const target = await started(
      script(`${sayReady} process.stdin.once("data", () => {
      console.error("panic: close of closed channel"); process.exit(2); });`),
    );
    expect(await target.died).toBe(
      'the hub exited with code 2; its stderr ended with: panic: close of closed channel',
    );
    expect(await target.broadcast(['{}'])).toMatchObject({ ok: false });
  });

  it('is waited for, and reported when it does not come', async () => {
    const stubborn = 'process.on("SIGTERM", () => console.error("not now"));';
    const answers = 'console.log(JSON.stringify({id, error:"unsupported"}));';
    const target = await started(answering(answers).replace(sayReady, stubborn + sayReady));
    const outcome = await target.stop(1_500);
    expect(outcome.ok ? '' : outcome.problem).toContain('still running 1500 ms after the request to stop');
    await target.kill();
    expect(await target.resources()).toBeUndefined();
  });

  // In the group of the shell, in a session of its own, and a daemon whose parent has ended.
  const companions = {
    'in its group': 'sleep 1000 &',
    'with a group of their own': 'setsid sleep 1000 &',
    'whose parent has ended': '(setsid sh -c "sleep 1000 & sleep 1000 &" &);',
  };
  it.skipIf(process.platform !== 'linux').each(Object.entries(companions))(
    'takes the processes %s with it',
    async (_which, companion) => {
      const hub = startHubProcess({
        file: '/bin/sh',
        args: ['-c', `${companion} echo ready; sleep 1000`],
        text: '',
      });
      await new Promise<boolean>((resolve) =>
        hub.listen(() => {
          resolve(true);
          return true;
        }),
      );
      // The shell says that it is ready after it has started what it starts; a grandchild may come a little later.
      await expect.poll(() => sleepers(hub).length).toBeGreaterThanOrEqual(2);
      const pids = hub.listPids();
      hub.signal('SIGKILL');
      expect((await hub.ended).left).toEqual([]);
      expect(pids.filter(isLiving)).toEqual([]);
    },
  );

  const commandOf = (pid: number): string => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8');
    } catch {
      return '';
    }
  };
  const sleepers = (hub: HubProcess) => hub.listPids().filter((pid) => commandOf(pid).includes('(sleep)'));
  const isLiving = (pid: number): boolean => /\) [^Z]/.test(commandOf(pid));
});

describe('the end of the kit itself', () => {
  const stdioFile = programFile(new URL('./stdio.ts', import.meta.url));
  // A hub that ignores its stdin, SIGTERM and the end of its parent; its parent prints the hub's pid.
  const hub = `${script(`process.on("SIGTERM", () => {}); console.log(JSON.stringify({url:"ws://127.0.0.1:9/ws",
    broadcastUrl:"http://127.0.0.1:9/b", pid:process.pid})); ${stay}`)}`;
  const parent = (then: string) => `
    import { startHubProcess } from ${JSON.stringify(stdioFile.replace('stdio.js', 'hub-process.js'))};
    import { parseCommand } from ${JSON.stringify(stdioFile.replace('stdio.js', 'command-words.js'))};
    const hub = startHubProcess(parseCommand(${JSON.stringify(hub)}).value);
    hub.listen((line) => { console.log(hub.pid); ${then}; return true; });`;

  it.each([
    ['exits', 'process.exit(0)', undefined],
    ['throws', 'setImmediate(() => { throw new Error("bug") })', undefined],
    ['gets SIGTERM', '', 'SIGTERM'],
    ['gets SIGINT', '', 'SIGINT'],
  ] as const)('leaves no hub behind when it %s', async (_, then, signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', parent(then)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit');
    const [output] = await once(child.stdout, 'data');
    if (signal !== undefined) child.kill(signal);
    const [, endSignal] = await exited;
    expect(endSignal).toBe(signal ?? null);
    await expect.poll(() => isAlive(Number(output.toString()))).toBe(false);
  });

  it('leaves no reference hub behind even when it is killed', async () => {
    const referenceFile = programFile(new URL('./reference.ts', import.meta.url));
    const code = `
      import { startReferenceTarget } from ${JSON.stringify(referenceFile)};
      const start = await startReferenceTarget();
      console.log(start.target.url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(child.stdout, 'data');
    const url = output.toString().trim();
    expect(await canConnect(url)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => canConnect(url)).toBe(false);
  });

  function isAlive(pid: number): boolean {
    try {
      process.kill(-pid, 0);
      return true;
    } catch {
      return false;
    }
  }
});
