// The chapter robustness on a hub that is right in a way of its own.
import { expect, it } from 'vitest';
import { startHttpTarget } from '../../target/http/http-target.ts';
import { OPCODE } from '../../testing/hub/frames.ts';
import { startHub } from '../../testing/hub/start-hub.ts';
import { runChecks } from '../run/runner.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';
import { badText } from './robustness/bad-text.ts';

it('takes a text to be refused when the Pong after it comes before the Close', async () => {
  const hub = await startHub((hub, correct) => ({
    readerRules: { ...correct.readerRules, refusesBadUtf8: false },
    onMessage(client, opcode) {
      if (opcode === OPCODE.text) hub.after(client, 20, () => correct.onViolation(client, 1007, 'no UTF-8'));
    },
  }));
  try {
    const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
    if (!start.ok) throw new Error(start.problem);
    const { results } = await runChecks({
      checks: [badText],
      target: start.target,
      settings: DEFAULT_SETTINGS,
    });
    await start.target.close();
    expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([['robustness.bad-utf8', 'pass']]);
  } finally {
    await hub.close();
  }
});
