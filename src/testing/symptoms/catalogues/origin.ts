// Symptoms of hubs that accept or refuse the wrong origins.
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import { openWitness, type WitnessOptions } from '../../peers/witness-client.ts';
import { ABSENCE_MILLIS, readStats } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

const FOREIGN = 'https://evil.com';
const LISTED = 'https://norn.example.com';

async function statusFor(
  hub: RunningHub,
  origin: string | readonly string[] | undefined,
  options: WitnessOptions = {},
) {
  const witness = await openWitness(hub.url, { ...options, headers: { Origin: origin, ...options.headers } });
  witness.destroy();
  return witness.response?.status;
}

/** Accepts this origin, and refuses an unrelated one. */
function lets(origin: string | readonly string[], options: WitnessOptions = {}): Symptom {
  return {
    options: { extraOrigins: [LISTED] },
    shows: async (hub) =>
      (await statusFor(hub, origin, options)) === 101 && (await statusFor(hub, FOREIGN)) === 403,
  };
}

/** Refuses this origin, and accepts the other. */
function refuses(origin: string | undefined, accepted: string | undefined): Symptom {
  return {
    options: { extraOrigins: [LISTED] },
    shows: async (hub) => (await statusFor(hub, origin)) !== 101 && (await statusFor(hub, accepted)) === 101,
  };
}

export const ORIGIN_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'any-origin': { shows: async (hub) => (await statusFor(hub, FOREIGN)) === 101 },
  'origin-checked-after-101': {
    async shows(hub) {
      const witness = await openWitness(hub.url, { headers: { Origin: FOREIGN } });
      await witness.until(() => witness.closeCode !== undefined, ABSENCE_MILLIS);
      return witness.response?.status === 101 && witness.closeCode === 1008;
    },
  },
  'origin-equals-host': lets('http://evil.com:8800', { host: 'evil.com:8800' }),
  'origin-if-browser-says-so': {
    async shows(hub) {
      const marked = await statusFor(hub, FOREIGN, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
      return marked === 403 && (await statusFor(hub, FOREIGN)) === 101;
    },
  },
  'origin-prefix': lets('http://localhost.evil.com'),
  'origin-part-of-listed': lets('https://example.com'),
  'origin-start-of-listed': lets('http://local'),
  'origin-suffix': lets('https://evilnorn.example.com'),
  'session-outweighs-origin': lets(FOREIGN, { headers: { Cookie: 'session=1' } }),
  'login-outweighs-origin': lets(FOREIGN, { headers: { Cookie: 'session=1', Authorization: 'Bearer 1' } }),
  'origin-www': lets('https://www.norn.example.com'),
  'origin-local-network': lets('http://printer.local:3000'),
  'origin-address-prefix': lets('http://[::1:2]'),
  'lockout-after-refusals': {
    async shows(hub) {
      for (let knock = 0; knock < 20; knock += 1) await statusFor(hub, FOREIGN);
      return (await statusFor(hub, undefined)) === 403;
    },
  },
  'origin-contains': lets('https://my-localhost.evil.com'),
  'origin-subdomain': lets('http://foo.localhost:3000'),
  'origin-loopback-range': lets('http://127.0.0.2:3000'),
  'null-origin': lets('null'),
  'hostless-origin': lets('file://'),
  'unparseable-origin': lets('null'),
  'malformed-origin': lets('http://[evil'),
  'any-of-two-origins': lets([FOREIGN, 'http://localhost:3000']),
  'empty-origin-refused': refuses(undefined, 'http://localhost:3000'),
  'ipv6-origin-refused': refuses('http://[::1]:3000', 'http://127.0.0.1:3000'),
  'local-port-compared': refuses('http://localhost:8080', 'http://localhost:3000'),
  'https-local-refused': refuses('https://localhost:3000', 'http://localhost:3000'),
  'extra-origins-ignored': refuses(LISTED, 'http://localhost:3000'),
  'blank-origin-refused': refuses('', undefined),
  'short-ports-refused': refuses('http://localhost:81', 'http://localhost:3000'),
  'origin-header-exact-case': {
    async shows(hub) {
      const inSmallLetters = await statusFor(hub, undefined, { headers: { origin: FOREIGN } });
      return inSmallLetters === 101 && (await statusFor(hub, FOREIGN)) === 403;
    },
  },
  'extras-replace-defaults': refuses('http://localhost:3000', LISTED),
  'web-schemes-only': refuses('tauri://localhost', 'http://localhost:3000'),
  'refused-but-listening': {
    async shows(hub) {
      const witness = await openWitness(hub.url, { headers: { Origin: FOREIGN } });
      const text = buildNumberedText(0);
      await postEvents(hub.broadcastUrl, [text]);
      const isHeard = await witness.until(() => witness.restBytes > text.length, ABSENCE_MILLIS);
      return witness.response?.status === 403 && isHeard;
    },
  },
  'page-posts-ndjson': {
    async shows(hub) {
      const witness = await openWitness(hub.url);
      const post = (...numbers: number[]) =>
        postEvents(hub.broadcastUrl, numbers.map(buildNumberedText), { headers: { Origin: FOREIGN } });
      const [one, several] = [await post(0), await post(1, 2)];
      const isHeard = await witness.until(() => witness.texts.length >= 2, ABSENCE_MILLIS);
      return one.status === 403 && several.status === 202 && isHeard;
    },
  },
  'ghost-client': {
    async shows(hub) {
      await statusFor(hub, FOREIGN);
      return (await readStats(hub)).clients === 1;
    },
  },
  'refused-but-open': {
    async shows(hub) {
      const witness = await openWitness(hub.url, { headers: { Origin: FOREIGN } });
      await witness.until(() => false, ABSENCE_MILLIS);
      return witness.response?.status === 403 && witness.ended === undefined;
    },
  },
};
