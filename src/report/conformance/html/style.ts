// The looks of conformance.html and of the grid: no font, image or request from outside; light and dark as the reader's
// system; on a phone a wire entry is a card; on paper everything that is shown is open, black on white.

const LIGHT = `--text: #1b1f24; --back: #f6f7f9; --card: #ffffff; --soft: #eef0f3; --border: #dde1e6; --line: #b9c0c9; --quiet: #57606a; --link: #0a58b5;
  --fail: #b3261e; --error: #7b2fa8; --warn: #855300; --skip: #57606a; --pass: #1a7f37;`;
const DARK = `--text: #e6e8eb; --back: #101316; --card: #181c20; --soft: #22272d; --border: #2e343b; --line: #5a636e; --quiet: #9aa3ae; --link: #79b8ff;
  --fail: #ff7b72; --error: #d2a8ff; --warn: #e3b341; --skip: #9aa3ae; --pass: #56d364;`;

export const CONFORMANCE_HTML_STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; ${LIGHT} --back: #fff; } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--back); }
.page { max-width: 74rem; margin: 0 auto; padding: 0 1rem 2rem; } header { padding-top: 1.4rem; }
h1 { font-size: 1.1rem; margin: 0; } h2 { font-size: 1.05rem; margin: 0 0 0.6rem; } h3 { font-size: 0.85rem; margin: 1rem 0 0.3rem; color: var(--quiet); }
a { color: var(--link); } code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, monospace; }
.quiet { color: var(--quiet); overflow-wrap: anywhere; }
.fail { color: var(--fail); } .error { color: var(--error); } .warn { color: var(--warn); } .skip { color: var(--skip); } .pass { color: var(--pass); }
.card { background: var(--card); border: 1px solid var(--border); border-radius: 10px; padding: 1rem; margin: 1rem 0; min-width: 0; }
.outcome { border-left: 6px solid currentColor; } .outcome strong { font-size: 1.5rem; letter-spacing: 0.02em; margin-right: 0.6rem; } .outcome span { color: var(--text); overflow-wrap: anywhere; } .outcome p { color: var(--text); margin: 0.4rem 0 0; }
.share { display: flex; gap: 2px; height: 0.6rem; margin: 0.8rem 0 0; border-radius: 5px; overflow: hidden; } .share i { background: currentColor; min-width: 3px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1rem; align-items: start; } .columns .card { margin: 0 0 1rem; }
.scroll { overflow-x: auto; } .scroll:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.92rem; }
th, td { padding: 0.32rem 0.6rem; border-bottom: 1px solid var(--border); text-align: right; vertical-align: top; } tr:last-child > * { border-bottom: 0; }
th { color: var(--quiet); font-weight: 600; } th:first-child { text-align: left; } th[scope=row] { font-weight: 400; color: var(--text); } td.none { color: var(--quiet); }
#filter { position: sticky; top: 0; z-index: 5; display: flex; flex-wrap: wrap; gap: 0.4rem 0.5rem; align-items: center; margin: 1rem -1rem 0; padding: 0.6rem 1rem; background: var(--back); border-bottom: 1px solid var(--border); }
#filter label { display: inline-flex; align-items: center; gap: 0.35rem; padding: 0.15rem 0.55rem; border: 1px solid var(--border); border-radius: 6px; background: var(--card); font-size: 0.88rem; cursor: pointer; white-space: nowrap; }
#filter input[type=checkbox] { accent-color: currentColor; margin: 0; }
#filter input[type=search], select, button { font: inherit; font-size: 0.88rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.2rem 0.55rem; min-width: 0; }
#filter input[type=search] { flex: 1 1 13rem; } button { background: var(--soft); border-color: var(--border); cursor: pointer; } #shown { font-size: 0.88rem; color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
main > section { margin: 1.4rem 0; } main h2 { display: flex; gap: 0.6rem; align-items: baseline; }
details.check { background: var(--card); border: 1px solid var(--border); border-radius: 8px; margin: 0.35rem 0; padding: 0 0.8rem; }
details.check[open] { padding-bottom: 0.8rem; } details.check[data-verdict=fail], details.check[data-verdict=error] { border-left: 4px solid var(--fail); } details.check[data-verdict=error] { border-left-color: var(--error); } details.check[data-verdict=warn] { border-left: 4px solid var(--warn); }
details.check > summary { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr) max-content; gap: 0 0.7rem; align-items: baseline; padding: 0.5rem 0; cursor: pointer; list-style: none; } details.check > summary::-webkit-details-marker { display: none; }
.verdict { font-weight: 600; font-size: 0.88rem; } summary .name { overflow-wrap: anywhere; } summary .name code { font-size: 0.86rem; color: var(--quiet); display: block; } summary .quiet { font-size: 0.85rem; font-variant-numeric: tabular-nums; }
blockquote { margin: 0.2rem 0 0.6rem; padding-left: 0.8rem; border-left: 3px solid var(--border); color: var(--quiet); overflow-wrap: anywhere; } cite { font-style: normal; font-weight: 600; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1rem; margin: 0.5rem 0; } .facts dt { color: var(--quiet); } .facts dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { margin: 0.3rem 0; padding: 0.6rem 0.7rem; background: var(--soft); border-radius: 6px; font-size: 0.83rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.sequence { display: block; font: 11px system-ui, sans-serif; } .sequence text { fill: var(--text); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; } .sequence .lane { font-weight: 600; font-size: 12px; } .sequence .time { fill: var(--quiet); }
.sequence line { stroke: var(--border); } .sequence path { stroke: var(--link); fill: none; stroke-width: 1.3; } .sequence .out path { stroke: var(--pass); } .sequence .fault path { stroke: var(--fail); } .sequence .fault text { fill: var(--fail); } .sequence circle { fill: var(--quiet); } .sequence .kit { fill: var(--quiet); }
.wire > summary { cursor: pointer; color: var(--quiet); font-weight: 600; font-size: 0.85rem; margin-top: 1rem; } .wire table { font-size: 0.83rem; margin-top: 0.4rem; } .wire th, .wire td { text-align: left; padding: 0.22rem 0.6rem 0.22rem 0; } .wire .at { white-space: nowrap; color: var(--quiet); text-align: right; } .wire .who { white-space: nowrap; } .wire .bits { white-space: nowrap; color: var(--quiet); }
.wire .words { overflow-wrap: anywhere; min-width: 12rem; width: 60%; } .wire .words details summary { cursor: pointer; color: var(--quiet); } .wire .words pre { font-size: 0.8rem; } .wire tr.fault .words { color: var(--fail); }
.no-match { color: var(--quiet); } footer { margin-top: 2rem; font-size: 0.88rem; }
@media (max-width: 34rem) { .page { padding: 0 0.6rem 2rem; } #filter { position: static; margin: 0.6rem -0.6rem 0; padding: 0.6rem; } html { scroll-padding-top: 0; } .card { padding: 0.7rem; } th, td { padding: 0.3rem 0.3rem; font-size: 0.85rem; }
  details.check > summary { grid-template-columns: 3rem minmax(0, 1fr); } details.check > summary > .quiet { grid-column: 2; } .facts { grid-template-columns: minmax(0, 1fr); } .facts dd { margin-bottom: 0.3rem; }
  .wire thead { display: none; } .wire tr { display: flex; flex-wrap: wrap; gap: 0 0.7rem; border-bottom: 1px solid var(--border); padding: 0.25rem 0; } .wire td { display: block; border: 0; padding: 0; } .wire .words { width: 100%; min-width: 0; } }
@media print { #filter, .no-print { display: none; } body { font-size: 11px; } .page { max-width: none; padding: 0; } .card, details.check { break-inside: auto; } details.check > summary { break-after: avoid; } tr { break-inside: avoid; } .scroll { overflow: visible; } .sequence { max-width: 100%; height: auto; } }
`;

export const CONFORMANCE_GRID_STYLE = `
.hubs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 1rem; margin: 1rem 0; } .hubs .card { margin: 0; } .hubs h2 { margin: 0 0 0.2rem; overflow-wrap: anywhere; } .hubs p { margin: 0.2rem 0 0; }
table.grid td { text-align: center; white-space: nowrap; } table.grid td.verdict { font-size: 0.85rem; } table.grid td.fail, table.grid td.error { background: color-mix(in srgb, currentColor 9%, transparent); }
table.grid th[scope=row] { min-width: 11rem; width: 50%; overflow-wrap: anywhere; } table.grid th code { font-size: 0.86rem; color: var(--quiet); display: block; } table.grid thead th { text-align: center; overflow-wrap: anywhere; min-width: 4rem; } table.grid thead th:first-child { text-align: left; }
table.grid summary { font-size: 0.83rem; color: var(--quiet); cursor: pointer; } table.measured td { white-space: normal; overflow-wrap: anywhere; min-width: 6rem; }
`;
