// What every page keeps to, without a browser: only scripts that its policy names by hash, one scope without clashes, and
// nothing from outside.
import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { buildConformanceResult } from '../../testing/builders/conformance-result-builder.ts';
import { SHOWN_PLAN } from '../../testing/builders/live-view-builder.ts';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import { renderConformanceGrid } from '../conformance/html/grid.ts';
import { renderConformanceHtml } from '../conformance/html/page.ts';
import { renderLivePage } from '../live/html/page.ts';
import { createLiveRun } from '../live/live-run.ts';
import { renderLoadtestHtml } from '../loadtest/html/page.ts';
import { renderReplayHtml } from '../replay/html/page.ts';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

const conformance = buildConformanceResult([]);
const kit = { name: 'norn-loadtest', version: '0.0.0' };
const PAGES = {
  conformance: renderConformanceHtml(conformance),
  grid: renderConformanceGrid([{ name: 'a hub', result: conformance }]),
  loadtest: renderLoadtestHtml([buildShownResult()]),
  comparison: renderLoadtestHtml([buildShownResult(), buildShownResult()]),
  replay: renderReplayHtml({ schemaVersion: 2, kit, replays: [] }),
  live: renderLivePage(createLiveRun(SHOWN_PLAN).state()),
};

describe.each(Object.entries(PAGES))('the page of %s', (_, page) => {
  const elements = elementsOf(parse(page));
  const scripts = elements
    .filter(
      ({ tagName, attrs }) => tagName === 'script' && !attrs.some(({ value }) => value.includes('json')),
    )
    .map(({ childNodes: [text] }) => (text && 'value' in text ? text.value : ''));

  it('lets only its own scripts run, by their hash', () => {
    const policy = elements
      .find(({ attrs }) => attrs.some(({ value }) => value === 'Content-Security-Policy'))
      ?.attrs.find(({ name }) => name === 'content')?.value;
    const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(scripts.length).toBeGreaterThan(0);
    expect(policy).toContain(`script-src ${hashes.join(' ')};`);
    expect(policy).toContain("default-src 'none'");
  });

  it('has scripts whose modules share one scope without clashes', () => {
    for (const text of scripts) expect(() => new Script(text)).not.toThrow();
  });

  it('loads nothing from outside', () => {
    const addresses = elements.flatMap(({ attrs }) =>
      attrs.filter(({ name }) => name === 'src' || name === 'href').map(({ value }) => value),
    );
    expect(addresses.filter((address) => !/^(#|data:)/.test(address))).toEqual([]);
  });
});

function elementsOf(node: Node): Element[] {
  const inside = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : [];
  return 'tagName' in node ? [node, ...inside] : inside;
}
