// Requests that are no handshake: they must not be answered with 101 (RFC 6455 4.2.1). Which error it is, and whether
// there is one at all (10.7 allows to drop), is left to the hub.
import type { Check, Clause } from '../../check.ts';
import { FACTS, type Finding, fail, listSome, pass, skip, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Attempt, attemptAll, basisOfExchanges, findDeafness, type Variant } from './attempt.ts';

const DEADLINE_MILLIS = 120_000;
const NOT_A_HANDSHAKE =
  "If the server, while reading the handshake, finds that the client did not send a handshake that matches the description below …, the server MUST stop processing the client's handshake and return an HTTP response with an appropriate error code (such as 400 Bad Request).";
const rfcClause = (quote: string = NOT_A_HANDSHAKE): Clause => ({ source: 'RFC 6455 4.2.1', quote });

/** None of the variants may be upgraded; `warnAbout` may object to what came instead. */
async function refuseAll(
  lab: Lab,
  variants: readonly Variant[],
  warnAbout: (attempts: readonly Attempt[]) => Finding | undefined = () => undefined,
): Promise<Finding> {
  const deafness = await findDeafness(lab);
  if (deafness !== undefined)
    return skip(`a correct handshake is not upgraded either, so nothing can be refused: ${deafness}`);
  const attempts = await attemptAll(lab, variants);
  const upgraded = attempts.filter(({ status }) => status === 101);
  if (upgraded.length > 0) {
    return fail({ expected: 'no upgrade', got: listSome(upgraded.map(({ text }) => text)) }, FACTS);
  }
  return warnAbout(attempts) ?? findHanging(attempts) ?? pass();
}

/** Neither an answer nor an end: the client waits without end, and the hub keeps its socket. */
function findHanging(attempts: readonly Attempt[]): Finding | undefined {
  const hanging = attempts.filter(({ exchange }) => exchange.kind === 'silence');
  if (hanging.length === 0) return undefined;
  return warn({
    expected: 'an HTTP error, or the end of the connection',
    got: listSome(hanging.map(({ text }) => text)),
  });
}

export const getOnly: Check = {
  id: 'handshake.get-only',
  chapter: 'handshake',
  title: 'only GET is upgraded',
  level: 'must',
  clause: rfcClause('An HTTP/1.1 or higher GET request, including a "Request-URI"'),
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'A hub that upgrades a POST is reachable by forms and scripts that the origin rule does not cover. The check sends POST, PUT, DELETE, HEAD and OPTIONS with all the headers of a handshake. Any answer but 101 passes, and so does a dropped connection.',
  isolation: 'shared',
  turn: 'quiet',
  run: (lab) =>
    refuseAll(
      lab,
      ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({ name: method, change: { method } })),
    ),
};

export const upgradeHeaders: Check = {
  id: 'handshake.upgrade-headers-required',
  chapter: 'handshake',
  title: 'without Upgrade: websocket and Connection: Upgrade there is no upgrade',
  level: 'must',
  clause: rfcClause(
    'An |Upgrade| header field containing the value "websocket", treated as an ASCII case-insensitive value.',
  ),
  needs: ['direct'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'A client that did not request WebSocket does not speak it: switching protocols on a plain GET breaks browsers, proxies and health checks. The check sends four requests that lack one of the two headers or name another protocol. Any answer but 101 passes.',
  isolation: 'shared',
  turn: 'quiet',
  run: (lab) =>
    refuseAll(lab, [
      { name: 'no Upgrade', change: { headers: { Upgrade: undefined } } },
      { name: 'Upgrade: h2c', change: { headers: { Upgrade: 'h2c' } } },
      { name: 'no Connection', change: { headers: { Connection: undefined } } },
      { name: 'Connection: close', change: { headers: { Connection: 'close' } } },
    ]),
};

export const versionRefused: Check = {
  id: 'handshake.version-refused',
  chapter: 'handshake',
  title: 'an unknown version is refused, and the supported one is named',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote:
      'If this version does not match a version understood by the server, the server MUST abort the WebSocket handshake described in this section and instead send an appropriate HTTP error code (such as 426 Upgrade Required) and a |Sec-WebSocket-Version| header field indicating the version(s) the server is capable of understanding.',
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'A client of another version would misread every frame. The check sends versions 0, 99, "abc" and none at all; 101 fails. A 4xx without Sec-WebSocket-Version, and a dropped connection, are warnings, because the client cannot learn which version to use. Any 4xx is accepted. Versions 7 and 8 do not differ from 13 for such a server, and common libraries accept them, so they are not judged.',
  isolation: 'shared',
  turn: 'quiet',
  run: (lab) =>
    refuseAll(
      lab,
      [undefined, '0', '99', 'abc'].map((version) => ({
        name: version === undefined ? 'no version' : `version ${version}`,
        change: { headers: { 'Sec-WebSocket-Version': version } },
      })),
      findUnnamedVersion,
    ),
};

function findUnnamedVersion(attempts: readonly Attempt[]): Finding | undefined {
  const vague = attempts.filter(({ exchange }) => {
    if (exchange.kind !== 'answer') return true;
    const named = exchange.response.headers['sec-websocket-version'] ?? '';
    return exchange.response.status < 400 || !named.split(',').some((version) => version.trim() === '13');
  });
  if (vague.length === 0) return undefined;
  const got = vague
    .map(({ exchange, text }) =>
      exchange.kind === 'answer'
        ? `${text}, version ${exchange.response.headers['sec-websocket-version'] ?? 'not named'}`
        : text,
    )
    .join('; ');
  return warn({ expected: 'an HTTP error with Sec-WebSocket-Version: 13', got }, basisOfExchanges(vague));
}

export const keyRequired: Check = {
  id: 'handshake.key-required',
  chapter: 'handshake',
  title: 'a handshake without a key is refused',
  level: 'must',
  clause: rfcClause(
    'A |Sec-WebSocket-Key| header field with a base64-encoded (see Section 4 of [RFC4648]) value that, when decoded, is 16 bytes in length.',
  ),
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'The key proves that the client intends WebSocket; without it, anything that can send headers is upgraded. No key and an empty key must not be answered with 101. A key of the wrong length is only a warning: the RFC does not require the server to decode it.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const finding = await refuseAll(lab, [
      { name: 'no key', change: { headers: { 'Sec-WebSocket-Key': undefined } } },
      { name: 'an empty key', change: { headers: { 'Sec-WebSocket-Key': '' } } },
    ]);
    if (finding.verdict !== 'pass') return finding;
    const loose = await attemptAll(lab, [
      { name: 'key "abc"', change: { key: 'abc' } },
      { name: 'a key of 17 bytes', change: { key: lab.random.bytes(17).toString('base64') } },
    ]);
    const upgraded = loose.filter(({ status }) => status === 101);
    if (upgraded.length === 0) return pass();
    const got = listSome(upgraded.map(({ text }) => text));
    return warn({ expected: 'only keys of 16 bytes', got }, FACTS);
  },
};

export const wrongPath: Check = {
  id: 'handshake.wrong-path',
  chapter: 'handshake',
  title: 'a request for another path is not upgraded',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote:
      'If the requested service is not available, the server MUST send an appropriate HTTP error code (such as 404 Not Found) and abort the WebSocket handshake.',
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    "The hub is at /ws. A server that upgrades every path answers clients of other services with events they do not understand, and hides typos. The check requests four paths that nothing serves, one of them below the hub's path and one that ends like it; none may be answered with 101.",
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const { pathname } = new URL(lab.url);
    const nowhere = `/no-such-path-${lab.random.between(1_000, 9_999)}`;
    const below = `${pathname.replace(/\/$/, '')}${nowhere}`;
    const paths = [nowhere, `${pathname}${nowhere.slice(1)}`, below, `${nowhere}${pathname}`];
    return refuseAll(
      lab,
      paths.map((path) => ({ name: path, change: { requestTarget: path } })),
    );
  },
};
