// Who the clients are: what each placeholder stands for, and the one line that a mistake gets, without any value.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCertificates, type TestCertificates } from '../../testing/tls/test-certificates.ts';
import { FLAG_NAMES } from '../option-names.ts';
import { parseTargetFlags, type TargetFlags } from '../target-flags.ts';
import { allSecrets, connectAs, findMisfit, type HubAccess, movedTo } from './client-identity.ts';
import type { IdentityFlags } from './identity-flags.ts';
import { parseIdentity } from './parse-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'norn-identity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENVIRONMENT = { API_KEY: 'key-from-env' };
const URL_GIVEN = 'ws://127.0.0.1:8800/ws';

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const TOKENS = file('tokens.csv', 'token,app\nt-1,shop\n"t,2",blog\n');

function read(flags: IdentityFlags & { readonly url?: string }) {
  const result = parseIdentity({ url: URL_GIVEN, ...flags }, FLAG_NAMES, ENVIRONMENT);
  return result.ok ? result.value : { problem: result.problem.replaceAll(`${folder}/`, '') };
}

function hubOf(flags: IdentityFlags & { readonly url?: string }): HubAccess {
  const given = read(flags);
  if ('problem' in given) throw new Error(given.problem);
  return { url: given.url ?? URL_GIVEN, identity: given.identity };
}

const problemOf = (flags: IdentityFlags & { readonly url?: string }): string | undefined => {
  const given = read(flags);
  return 'problem' in given ? given.problem : undefined;
};

const clientOf = (hub: HubAccess, client: number, cohort = 'fast', inCohort = client - 1) =>
  connectAs(hub, { client, cohort, inCohort });

describe('connectAs', () => {
  it('gives every client its own row, number, cohort and variable', () => {
    const hub = hubOf({
      url: `${URL_GIVEN}?token={token}&app={client}`,
      clientHeader: [
        'Authorization: Bearer {token}',
        'X-App: {app}-{cohort}-{client}',
        'X-Key: {env:API_KEY}',
      ],
      origin: 'https://{app}.example.com',
      subprotocol: ['dash.v2', 'dash.{app}'],
      clientData: TOKENS,
    });
    expect(clientOf(hub, 2, 'slow')).toEqual({
      url: `${URL_GIVEN}?token=t%2C2&app=2`,
      shownUrl: `${URL_GIVEN}?token=***&app={client}`,
      tls: undefined,
      headers: [
        ['Authorization', 'Bearer t,2'],
        ['X-App', 'blog-slow-2'],
        ['X-Key', 'key-from-env'],
        ['Origin', 'https://blog.example.com'],
      ],
      subprotocols: ['dash.v2', 'dash.blog'],
      secrets: expect.arrayContaining(['t,2', 'blog', 'key-from-env']),
    });
  });

  it('fills in the path of a hub on a Unix socket', () => {
    const hub = hubOf({ url: 'ws+unix:/run/hub.sock:/ws?t={token}', clientData: TOKENS });
    expect(hub.url).toBe('ws+unix:/run/hub.sock:/ws?t=***');
    expect(clientOf(hub, 1).url).toBe('ws+unix:/run/hub.sock:/ws?t=t-1');
  });

  it('shows no secret in the URL of the target, and knows all of them', () => {
    const hub = hubOf({ url: `${URL_GIVEN}/{env:API_KEY}?t={token}&n={client}`, clientData: TOKENS });
    expect(hub.url).toBe(`${URL_GIVEN}/***?t=***&n={client}`);
    expect([...allSecrets(hub.identity)].sort()).toEqual(['key-from-env', 't,2', 't-1']);
  });

  it('searches no word that any report has, and hides it in the answer to its client', () => {
    const data = file('roles.csv', 'role,token\nclient,t-1\n');
    const hub = hubOf({ clientHeader: ['X-Role: {role}', 'X-Token: {token}'], clientData: data });
    expect([...allSecrets(hub.identity)]).toEqual(['t-1']);
    expect(clientOf(hub, 1).secrets).toEqual(['client', 't-1']);
  });

  it('counts a literal Authorization, Cookie or token among the secrets, and no other header', () => {
    const hub = hubOf({ clientHeader: ['Cookie: sid=abc', 'X-Api-Key: k-1', 'X-App: shop'] });
    expect([...allSecrets(hub.identity)]).toEqual(['sid=abc', 'abc', 'k-1']);
    const partly = hubOf({ clientHeader: ['Authorization: Bearer mine-{client}'] });
    expect(clientOf(partly, 7).secrets).toEqual(['Bearer mine-7', 'mine-7']);
  });

  it('gives a client the same uuid each time, another one to each client and for each seed', () => {
    const uuidOf = (client: number, seed?: number) =>
      clientOf(hubOf({ clientHeader: ['X-Id: {uuid}'], seed }), client).headers?.[0]?.[1];
    expect(uuidOf(1)).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(uuidOf(1)).toBe(uuidOf(1));
    expect(new Set([uuidOf(1), uuidOf(2), uuidOf(1, 7)]).size).toBe(3);
  });

  it('takes other braces as text, and doubled ones around a name as single ones', () => {
    const hub = hubOf({ clientHeader: ['X-Json: {"a":{"b":1}}', 'X-Text: {{client}}'] });
    expect(clientOf(hub, 1).headers).toEqual([
      ['X-Json', '{"a":{"b":1}}'],
      ['X-Text', '{client}'],
    ]);
  });

  it('has what a cohort says of its clients instead of what all have, and counts rows of its own file from its first client', () => {
    const own = file('own.ndjson', '{"token":"own-1"}\n\n{"token":"own-2"}\n');
    const hub = hubOf({
      clientHeader: ['Authorization: {token}'],
      clientData: TOKENS,
      cohortClient: { slow: { clientData: own, origin: 'https://slow.example' } },
    });
    expect(clientOf(hub, 1).headers).toEqual([['Authorization', 't-1']]);
    expect(clientOf(hub, 12, 'slow', 1).headers).toEqual([
      ['Authorization', 'own-2'],
      ['Origin', 'https://slow.example'],
    ]);
  });

  it('adds nothing where nothing is asked for', () => {
    expect(read({})).toEqual({ identity: undefined, url: URL_GIVEN });
    expect(clientOf({ url: URL_GIVEN }, 1)).toEqual({ url: URL_GIVEN, tls: undefined });
  });
});

describe('findMisfit', () => {
  const cohorts = [
    { name: 'fast', clients: 2 },
    { name: 'slow', clients: 1 },
  ];
  const misfit = (flags: IdentityFlags) =>
    findMisfit(hubOf(flags).identity, cohorts)?.replaceAll(`${folder}/`, '');

  it('wants a row for each client, unless rows are repeated', () => {
    const flags = { clientHeader: ['X-App: {app}'], clientData: TOKENS };
    expect(misfit(flags)).toBe(
      '--client-data tokens.csv: 2 rows for 3 clients; add rows, or repeat them with --client-data-reuse',
    );
    expect(misfit({ ...flags, clientDataReuse: true })).toBeUndefined();
    expect(clientOf(hubOf({ ...flags, clientDataReuse: true }), 3).headers).toEqual([['X-App', 'shop']]);
    expect(misfit({ ...flags, cohortClient: { slow: { clientData: TOKENS } } })).toBeUndefined();
  });

  it('names a cohort that the plan has not', () => {
    expect(misfit({ cohortClient: { slwo: { origin: 'https://a' } } })).toBe(
      'cohort-client slwo: no such cohort; there are fast, slow',
    );
  });
});

describe('parseIdentity', () => {
  it.each<[string, IdentityFlags & { readonly url?: string }, string]>([
    [
      'a column that is missing',
      { clientHeader: ['A: {tokn}'], clientData: TOKENS },
      '--client-header A: {tokn}: the file of --client-data has no such column; did you mean {token}?',
    ],
    [
      'a placeholder without a file',
      { clientHeader: ['A: {token}'] },
      '--client-header A: {token}: no such placeholder: there are {client}, {cohort}, {uuid} and {env:NAME}, and columns of --client-data',
    ],
    [
      'a variable that is missing',
      { origin: '{env:NOT_THERE}' },
      '--origin: {env:NOT_THERE}: the environment has no NOT_THERE',
    ],
    [
      'a file that is missing',
      { clientData: join(folder, 'none.csv') },
      '--client-data none.csv: no such file',
    ],
    ['a folder', { clientData: folder }, `--client-data ${folder}: is a folder, not a file`],
    [
      'a row without its value',
      { clientHeader: ['A: {token}'], clientData: file('gap.ndjson', '{"token":"a"}\n{"app":"b"}') },
      '--client-header A: row 2 has no token',
    ],
    [
      'a row of another length',
      { clientData: file('ragged.csv', 'a,b\nSECRET\n') },
      '--client-data ragged.csv: line 2 has another number of values than the header row',
    ],
    [
      'an open quote',
      { clientData: file('quote.csv', 'a,b\n"SECRET,1\n') },
      '--client-data quote.csv: line 2: a quoted value is not closed',
    ],
    [
      'no row',
      { clientData: file('empty.csv', 'a,b\n') },
      '--client-data empty.csv: no rows in it; expected one for each client, below a header row (CSV) or as JSON (NDJSON)',
    ],
    [
      'a line that is no JSON',
      { clientData: file('bad.ndjson', '{"a":1}\nSECRET') },
      '--client-data bad.ndjson: line 2 is not a JSON object',
    ],
    [
      'a value with a line break',
      { clientHeader: ['A: {a}'], clientData: file('break.csv', 'a\n"SEC\nRET"\n') },
      '--client-header A: row 1: its value has a character that a header cannot hold, such as a line break',
    ],
    [
      'a header without a colon',
      { clientHeader: ['SECRET'] },
      "--client-header: expected the form 'Name: value'",
    ],
    [
      'a header of the kit',
      { clientHeader: ['Upgrade: SECRET'] },
      '--client-header: the header Upgrade is set by the kit itself',
    ],
    [
      'a header with its own option',
      { clientHeader: ['origin: x'] },
      '--client-header: use --origin for the header origin',
    ],
    [
      'a subprotocol that is none',
      { subprotocol: ['a b'] },
      '--subprotocol: its value has a character that a subprotocol cannot hold: no space, comma, slash or colon (RFC 6455 section 4.1)',
    ],
    [
      'a placeholder in the host',
      { url: 'ws://{client}.example/ws' },
      "the URL 'ws://{client}.example': placeholders go into its path and query, not into its host",
    ],
    [
      'rows to repeat, and no file',
      { clientDataReuse: true },
      '--client-data-reuse needs --client-data: the file whose rows are repeated',
    ],
  ])('refuses %s', (_, flags, problem) => {
    expect(problemOf(flags)).toBe(problem);
    expect(problem).not.toContain('SECRET');
  });
});

describe('a certificate for each client', () => {
  let certificates: TestCertificates;
  beforeAll(() => {
    certificates = createTestCertificates();
  });
  afterAll(() => certificates.remove());
  const rows = (...pairs: readonly { readonly cert: string; readonly key: string }[]) =>
    file('certs.csv', ['cert,key', ...pairs.map(({ cert, key }) => `${cert},${key}`)].join('\n'));
  const TEMPLATES = { url: 'wss://127.0.0.1:8800/ws', cert: '{cert}', key: '{key}' };

  it('is read from the files of its row, and the first one serves for everything else', () => {
    const { client, server } = certificates;
    const flags: TargetFlags = { ...TEMPLATES, clientData: rows(client, server) };
    const choice = parseTargetFlags(flags);
    if (!choice.ok) throw new Error(choice.problem);
    const { tls, identity } = choice.value;
    const read = (path: string) => readFileSync(path, 'utf8');
    const pairOf = (pair: typeof client) => ({ cert: read(pair.cert), key: read(pair.key) });
    expect(tls).toEqual(pairOf(client));
    expect(clientOf({ url: TEMPLATES.url, tls, identity }, 2).tls).toEqual(pairOf(server));
  });

  it('is refused by its row, without the name of the file', () => {
    const { client, server } = certificates;
    const mismatch = { cert: client.cert, key: server.key };
    const problem = (flags: TargetFlags) => {
      const choice = parseTargetFlags({ ...TEMPLATES, ...flags });
      return choice.ok ? undefined : choice.problem;
    };
    expect(problem({ clientData: rows(client, mismatch) })).toBe(
      'row 2: --key ***: not the key of the certificate in ***',
    );
    expect(problem({})).toBe('--cert with placeholders needs --client-data: the files of each client');
    expect(problem({ key: undefined, clientData: rows(client) })).toBe(
      'row 1: --cert needs --key: the file of its private key',
    );
  });
});

it('refuses a fragment, which no server ever receives', () => {
  const flags: TargetFlags = { url: `${URL_GIVEN}#top` };
  expect(parseTargetFlags(flags)).toEqual({
    ok: false,
    problem: `the URL '${URL_GIVEN}#top' has a fragment (#), which is never sent to a server: leave it out, or write %23`,
  });
});

describe('movedTo', () => {
  const hub = {
    url: 'ws://hub.example:1/ws',
    addresses: [{ address: '10.0.0.1', family: 4 }],
    sources: ['10.0.0.5'],
  } as const;

  it('keeps what is known of a host that has another port, and forgets the addresses of another host', () => {
    expect(movedTo('ws://hub.example:2/ws', hub)).toEqual({ ...hub, url: 'ws://hub.example:2/ws' });
    expect(movedTo('ws://other.example:1/ws', hub)).toMatchObject({
      addresses: undefined,
      sources: ['10.0.0.5'],
    });
  });
});
