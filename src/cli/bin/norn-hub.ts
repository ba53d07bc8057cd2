#!/usr/bin/env node
// norn-hub as npm installs it: the version is printed before the program and its packages are loaded.
import { printVersion } from './print-version.ts';

if (!printVersion(process.argv.slice(2))) await import('../hub.ts');
