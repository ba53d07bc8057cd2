#!/usr/bin/env node
// Writes what is generated from the code into docs/ (npm run docs); a test holds that it is up to date.
import { writeFileSync } from 'node:fs';
import { CHECKS } from '../../conformance/registry.ts';
import { renderCheckDocs } from '../../report/conformance/check-pages.ts';

writeFileSync(new URL('../../../docs/checks.md', import.meta.url), renderCheckDocs(CHECKS));
