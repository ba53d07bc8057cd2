// The looks that every page shares: text, cards, tables, the filter, and how they fit a phone and paper. Nothing is
// loaded from outside.

const TEXT = `
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--back); }
.page { max-width: 74rem; margin: 0 auto; padding: 0 1rem 2rem; }
header { padding-top: 1.4rem; }
h1 { font-size: 1.1rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 0.6rem; }
h3 { font-size: 0.95rem; margin: 1rem 0 0.3rem; }
a { color: var(--link); }
code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, monospace; }
pre { margin: 0.4rem 0; padding: 0.6rem 0.7rem; background: var(--soft); border-radius: 6px; font-size: 0.85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); overflow-wrap: anywhere; }
.fail { color: var(--fail); } .error { color: var(--error); } .warn { color: var(--warn); } .skip { color: var(--skip); } .pass { color: var(--pass); }
.verdict { font-weight: 600; font-size: 0.88rem; }
footer { margin-top: 2rem; font-size: 0.88rem; }
`;

const CARDS = `
.card, figure { background: var(--card); border: 1px solid var(--border); border-radius: 10px; padding: 1rem; margin: 1rem 0; min-width: 0; }
.outcome { border-left: 6px solid currentColor; }
.outcome strong { font-size: 1.5rem; letter-spacing: 0.02em; margin-right: 0.6rem; }
.outcome span { color: var(--text); overflow-wrap: anywhere; }
.outcome p { color: var(--text); margin: 0.4rem 0 0; }
.share { display: flex; gap: 2px; height: 0.6rem; margin: 0.8rem 0 0; border-radius: 5px; overflow: hidden; }
.share i { background: currentColor; min-width: 3px; }
.bar { display: flex; height: 1.7rem; border-radius: 5px; overflow: hidden; margin: 0.35rem 0; }
.bar span { min-width: 2px; }
.read { background: var(--series-2); } .kernels { background: var(--series-5); } .queued { background: var(--series-3); } .waited { background: var(--series-0); }
.key { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; padding: 0; margin: 0; list-style: none; font-size: 0.85rem; }
.key i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.35em; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 0 1rem; align-items: start; }
.columns .card { margin: 0 0 1rem; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1rem; margin: 0.5rem 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
details > summary { cursor: pointer; }
`;

const TABLES = `
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.92rem; }
th, td { padding: 0.32rem 0.6rem; border-bottom: 1px solid var(--border); text-align: right; vertical-align: top; }
tr:last-child > * { border-bottom: 0; }
th { color: var(--quiet); font-weight: 600; }
th:first-child, td:first-child, table.text th, table.text td { text-align: left; }
th[scope=row] { font-weight: 400; color: var(--text); }
table.numbers th, table.numbers td { white-space: nowrap; }
table.text td { overflow-wrap: anywhere; }
table.text td.time { white-space: nowrap; color: var(--quiet); overflow-wrap: normal; }
td.none { color: var(--quiet); }
`;

const CONTROLS = `
:is(.scroll, summary, input, select, button, a, .plot):focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
input[type=search], select, button { font: inherit; font-size: 0.88rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.2rem 0.55rem; min-width: 0; }
button { background: var(--soft); border-color: var(--border); cursor: pointer; }
button:hover { border-color: var(--line); }
.sections { position: sticky; top: 0; z-index: 5; margin: 0.8rem -1rem 0; background: var(--back); border-bottom: 1px solid var(--border); }
.sections ul { display: flex; gap: 1.1rem; margin: 0; padding: 0.55rem 1rem; list-style: none; overflow-x: auto; white-space: nowrap; }
.sections a { text-decoration: none; }
#filter { position: sticky; top: 0; z-index: 5; display: flex; flex-wrap: wrap; gap: 0.4rem 0.5rem; align-items: center; margin: 1rem -1rem 0; padding: 0.6rem 1rem; background: var(--back); border-bottom: 1px solid var(--border); }
#filter label { display: inline-flex; align-items: center; gap: 0.35rem; padding: 0.15rem 0.55rem; border: 1px solid var(--border); border-radius: 6px; background: var(--card); font-size: 0.88rem; cursor: pointer; white-space: nowrap; }
#filter input[type=checkbox] { accent-color: currentColor; margin: 0; }
#filter input[type=search] { flex: 1 1 13rem; }
#shown { font-size: 0.88rem; color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
.no-match { color: var(--quiet); }
`;

/** A check or a replayed fixture: a line that opens. */
const ITEMS = `
main > section { margin: 1.4rem 0; }
details.item { background: var(--card); border: 1px solid var(--border); border-radius: 8px; margin: 0.35rem 0; padding: 0 0.8rem; }
details.item[open] { padding-bottom: 0.8rem; }
details.item[data-verdict=fail] { border-left: 4px solid var(--fail); }
details.item[data-verdict=error] { border-left: 4px solid var(--error); }
details.item[data-verdict=warn] { border-left: 4px solid var(--warn); }
details.item > summary { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content; gap: 0 0.7rem; align-items: baseline; padding: 0.5rem 0; list-style: none; }
details.item > summary::-webkit-details-marker { display: none; }
details.item > summary .verdict { min-width: 3.2rem; }
summary .name { overflow-wrap: anywhere; }
summary .name code { font-size: 0.86rem; color: var(--quiet); display: block; }
summary .quiet { font-size: 0.85rem; font-variant-numeric: tabular-nums; }
details.item h3 { font-size: 0.85rem; color: var(--quiet); }
blockquote { margin: 0.2rem 0 0.6rem; padding-left: 0.8rem; border-left: 3px solid var(--border); color: var(--quiet); overflow-wrap: anywhere; }
cite { font-style: normal; font-weight: 600; }
`;

const PHONE = `
@media (max-width: 34rem) {
  .page { padding: 0 0.6rem 2rem; }
  html { scroll-padding-top: 0; }
  .card, figure { padding: 0.7rem; }
  th, td { padding: 0.3rem; font-size: 0.85rem; }
  :is(table.numbers, table.grid) :is(th, td):first-child { position: sticky; left: 0; background: var(--card); }
  #filter { position: static; margin: 0.6rem -0.6rem 0; padding: 0.6rem; }
  .sections { margin: 0.6rem -0.6rem 0; }
  details.item > summary { grid-template-columns: max-content minmax(0, 1fr); }
  details.item > summary > .quiet { grid-column: 2; }
  .facts { grid-template-columns: minmax(0, 1fr); }
  .facts dd { margin-bottom: 0.3rem; }
}
`;

const PAPER = `
@media print {
  #filter, .sections, .no-print { display: none; }
  body { font-size: 11px; }
  .page { max-width: none; padding: 0; }
  .card, figure { break-inside: avoid; }
  .card.long, details.item { break-inside: auto; }
  details.item > summary { break-after: avoid; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 11px; }
  th, td, table.numbers th, table.numbers td { padding: 0.2rem 0.35rem; white-space: normal; }
  .outcome, .bar, .share, .key { print-color-adjust: exact; }
}
`;

export const BASE_STYLE = [TEXT, CARDS, TABLES, CONTROLS, ITEMS, PHONE, PAPER].join('');
