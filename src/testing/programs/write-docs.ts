#!/usr/bin/env node
// npm run docs: writes the generated pages of docs/. A test holds that they are up to date.
import { writeFileSync } from 'node:fs';
import { CHECKS } from '../../conformance/registry.ts';
import { renderCheckDocs } from '../../report/conformance/check-pages.ts';
import { renderApiPage } from './api-page.ts';

writeFileSync(new URL('../../../docs/checks.md', import.meta.url), renderCheckDocs(CHECKS));
writeFileSync(new URL('../../../docs/api.md', import.meta.url), renderApiPage());
