// A program in strict TypeScript that starts a hub, judges it and loads it; CI compiles and runs it against the tarball.
// Exit codes as the programs have them: 0 passed, 1 failed, 4 inconclusive.
import {
  createHub,
  type Judgement,
  judgeHub,
  KitError,
  type LoadtestResult,
  loadHub,
  renderConformance,
  renderLoadtest,
} from 'norn-loadtest';

const EXIT_CODES: Readonly<Record<string, number>> = { passed: 0, failed: 1 };

const hub = createHub({ allowedOrigins: ['https://dash.example.com'] });
const { url } = await hub.listen(0);
try {
  const judgement: Judgement = await judgeHub({ url, only: ['handshake', 'delivery.no-history'] });
  console.log(renderConformance(judgement.result, 'terminal'));
  const load: LoadtestResult = await loadHub({
    url,
    clients: 20,
    cohorts: ['asleep=2:stall(after=10)'],
    ratePerSecond: 50,
    durationMillis: 2_000,
    warmupMillis: 500,
    thresholds: ['lost==0'],
  });
  console.log(renderLoadtest(load, 'terminal'));
  const codes = [judgement.verdict, load.verdict].map((verdict) => EXIT_CODES[verdict] ?? 4);
  process.exitCode = codes.includes(1) ? 1 : Math.max(...codes);
} catch (error) {
  if (!(error instanceof KitError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 3;
} finally {
  await hub.stop();
}
