// docs/api.md is what the docstrings say, and each function of the library has its errors and one example.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as library from '../../index.ts';
import { renderApiPage } from './api-page.ts';

const page = renderApiPage();

describe('docs/api.md', () => {
  it('is up to date (npm run docs)', () => {
    expect(readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')).toBe(page);
  });

  it('has a section for every value that the library exports', () => {
    for (const name of Object.keys(library)) expect(page).toContain(`\n### ${name}\n`);
  });

  it('shows errors and one example for each function', () => {
    const functions = page
      .slice(page.indexOf('## Functions'), page.indexOf('## Errors'))
      .split('\n### ')
      .slice(1);
    expect(functions.length).toBeGreaterThan(5);
    for (const section of functions) {
      expect(section).toContain('**Throws:**');
      expect(section.split('Example:').length, section).toBe(2);
    }
  });
});
