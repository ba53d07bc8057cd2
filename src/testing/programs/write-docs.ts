#!/usr/bin/env node
// npm run docs: writes the generated pages of docs/. A test holds that they are up to date.
import { writeFileSync } from 'node:fs';
import { CHECKS } from '../../conformance/registry.ts';
import { renderCheckDocs } from '../../report/conformance/check-pages.ts';
import { readExpected } from '../external/servers/expected.ts';
import { renderServersPage } from '../external/servers/render-page.ts';
import { SERVERS } from '../external/servers/servers.ts';
import { renderApiPage } from './api-page.ts';

const write = (name: string, text: string): void =>
  writeFileSync(new URL(`../../../docs/${name}`, import.meta.url), text);

write('checks.md', renderCheckDocs(CHECKS));
write('api.md', renderApiPage());
write('real-servers.md', renderServersPage(SERVERS.map((server) => [server, readExpected(server.name)])));
