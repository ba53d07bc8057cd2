// The known-bad hubs in Go and Python are held to their word like the others: each defect shows over the wire, and the
// same hub without it does not show it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunningHub } from '../hub/start-hub.ts';
import { ALL_SHOWINGS } from '../witnesses/all-showings.ts';
import type { Showing } from '../witnesses/scene.ts';
import { removeBuilds } from './build-go.ts';
import { FOREIGN_LANGUAGES, type ForeignLanguage } from './external-hubs.ts';

type Served = Pick<RunningHub, 'url' | 'broadcastUrl' | 'port' | 'stop' | 'close'>;

async function start(language: ForeignLanguage, defect: string, showing: Showing): Promise<Served> {
  const command = await language.prepare();
  if (!command.ok) throw new Error(command.problem);
  const [program = '', ...first] = command.value;
  const child = spawn(program, [...first, ...language.argumentsFor(defect, showing.options ?? {})], {
    env: { ...process.env, NORN_ALLOWED_ORIGINS: 'https://norn.example.com', NORN_EXIT_WITH_STDIN: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, broadcastUrl } = JSON.parse(line) as { url: string; broadcastUrl: string };
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return { url, broadcastUrl, port: Number(new URL(url).port), stop: end('SIGTERM'), close: end('SIGKILL') };
}

async function isShownBy(language: ForeignLanguage, defect: string, showing: Showing): Promise<boolean> {
  const hub = await start(language, defect, showing);
  try {
    // The showings used here look at the wire only, never into the hub.
    return await showing.shows(hub as RunningHub);
  } finally {
    await hub.close();
  }
}

afterAll(removeBuilds);

for (const language of FOREIGN_LANGUAGES) {
  const availability = await language.prepare();
  const reason = availability.ok ? '' : ` (skipped: ${availability.problem})`;
  describe.skipIf(!availability.ok)(`known-bad hubs in ${language.name}${reason}`, () => {
    for (const [defect, sameAs] of Object.entries(language.defects)) {
      const showing = ALL_SHOWINGS[sameAs];
      // Stalled clients with huge events want the machine for themselves; the others run side by side.
      const test = showing?.options === undefined ? it.concurrent : it;
      test(`${defect} shows, and not without it`, { timeout: 60_000 }, async () => {
        if (showing === undefined) throw new Error(`no showing is called ${sameAs}`);
        expect(await isShownBy(language, defect, showing), 'the defect shows').toBe(true);
        expect(await isShownBy(language, 'none', showing), 'the correct hub shows it').toBe(false);
      });
    }
  });
}
