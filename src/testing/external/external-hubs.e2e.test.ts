// The known-bad hubs in Go and Python have the symptoms of their defects, like the others, and the same hub without a
// defect does not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunningHub } from '../hub/start-hub.ts';
import { ALL_SYMPTOMS } from '../symptoms/all-symptoms.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { removeBuilds } from './build-go.ts';
import { EXTERNAL_LANGUAGES, type ExternalLanguage } from './external-hubs.ts';

type Served = Pick<RunningHub, 'url' | 'broadcastUrl' | 'port' | 'stop' | 'close'>;

async function start(language: ExternalLanguage, defect: string, symptom: Symptom): Promise<Served> {
  const command = await language.prepare();
  if (!command.ok) throw new Error(command.problem);
  const [program = '', ...first] = command.value;
  const child = spawn(program, [...first, ...language.argumentsFor(defect, symptom.options ?? {})], {
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

async function isShownBy(language: ExternalLanguage, defect: string, symptom: Symptom): Promise<boolean> {
  const hub = await start(language, defect, symptom);
  try {
    // The symptoms used here watch the wire only, never the hub's own state.
    return await symptom.shows(hub as RunningHub);
  } finally {
    await hub.close();
  }
}

afterAll(removeBuilds);

for (const language of EXTERNAL_LANGUAGES) {
  const availability = await language.prepare();
  const reason = availability.ok ? '' : ` (skipped: ${availability.problem})`;
  describe.skipIf(!availability.ok)(`known-bad hubs in ${language.name}${reason}`, () => {
    for (const [defect, sameAs] of Object.entries(language.defects)) {
      const symptom = ALL_SYMPTOMS[sameAs];
      // Stalled clients with huge events need the machine for themselves; the others run side by side.
      const test = symptom?.options === undefined ? it.concurrent : it;
      test(`${defect} shows its symptom, and the correct hub does not`, { timeout: 60_000 }, async () => {
        if (symptom === undefined) throw new Error(`no symptom for ${sameAs}`);
        expect(await isShownBy(language, defect, symptom), 'the defect shows').toBe(true);
        expect(await isShownBy(language, 'none', symptom), 'the correct hub shows it').toBe(false);
      });
    }
  });
}
