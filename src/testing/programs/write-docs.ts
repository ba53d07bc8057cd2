#!/usr/bin/env node
// npm run docs: writes the generated pages of docs/, and the validators of the protocol's schemas. Tests hold that all are
// up to date.
import { writeFileSync } from 'node:fs';
import { CHECKS } from '../../conformance/registry.ts';
import { renderCheckDocs } from '../../report/conformance/check-pages.ts';
import { readExpected } from '../external/servers/expected.ts';
import { renderServersPage } from '../external/servers/render-page.ts';
import { SERVERS } from '../external/servers/servers.ts';
import { renderApiPage } from './api-page.ts';
import { renderValidators } from './render-validators.ts';

const write = (name: string, text: string): void =>
  writeFileSync(new URL(`../../../${name}`, import.meta.url), text);

write('docs/checks.md', renderCheckDocs(CHECKS));
write('docs/api.md', renderApiPage());
write(
  'docs/real-servers.md',
  renderServersPage(SERVERS.map((server) => [server, readExpected(server.name)])),
);
write('src/protocol/generated/validators.ts', renderValidators());
