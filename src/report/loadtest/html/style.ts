// The looks of loadtest.html: no font, image or request from outside; light and dark as the reader's system; one column
// on a phone; on paper everything is open and black on white.

const LIGHT = `--text: #1b1f24; --back: #f6f7f9; --card: #ffffff; --soft: #eef0f3; --line: #b9c0c9; --border: #dde1e6; --grid: #e6e9ed; --quiet: #57606a;
  --fail: #b3261e; --warn: #8a5a00; --pass: #1a7f37; --link: #0a58b5;
  --series-0: #0969da; --series-1: #c2410c; --series-2: #1a7f37; --series-3: #b3261e; --series-4: #7c3aed; --series-5: #8a6100; --series-6: #0e7490; --series-7: #be185d;`;
const DARK = `--text: #e6e8eb; --back: #101316; --card: #181c20; --soft: #22272d; --line: #5a636e; --border: #2e343b; --grid: #262c33; --quiet: #9aa3ae;
  --fail: #ff7b72; --warn: #e3b341; --pass: #56d364; --link: #79b8ff;
  --series-0: #58a6ff; --series-1: #fb923c; --series-2: #56d364; --series-3: #ff7b72; --series-4: #c4a1ff; --series-5: #e3b341; --series-6: #4dd0e1; --series-7: #f778ba;`;

export const LOADTEST_STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; ${LIGHT} --back: #fff; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--back); }
header, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.4rem; }
h1 { font-size: 1.1rem; margin: 0; } h2 { font-size: 1.05rem; margin: 0 0 0.6rem; } h3 { font-size: 0.95rem; margin: 1rem 0 0.3rem; }
a { color: var(--link); }
.quiet { color: var(--quiet); } .pass { color: var(--pass); } .fail { color: var(--fail); } .warn { color: var(--warn); }
nav { position: sticky; top: 0; z-index: 5; background: var(--back); border-bottom: 1px solid var(--border); margin-top: 0.8rem; }
nav ul { display: flex; gap: 1.1rem; max-width: 74rem; margin: 0 auto; padding: 0.55rem 1rem; list-style: none; overflow-x: auto; white-space: nowrap; }
nav a { text-decoration: none; }
section, figure { background: var(--card); border: 1px solid var(--border); border-radius: 10px; padding: 1rem; margin: 1rem 0; min-width: 0; }
.verdict { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.9rem; border-left: 6px solid currentColor; }
.verdict strong { font-size: 1.5rem; letter-spacing: 0.02em; } .verdict span { color: var(--text); overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.4rem, 1fr)); gap: 0.7rem; margin: 1rem 0; padding: 0; }
.tiles div { background: var(--card); border: 1px solid var(--border); border-radius: 10px; padding: 0.6rem 0.8rem; }
.tiles dt { color: var(--quiet); font-size: 0.8rem; } .tiles dd { margin: 0; font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } .scroll:focus-visible { outline: 2px solid var(--link); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.92rem; }
th, td { padding: 0.35rem 0.7rem; border-bottom: 1px solid var(--border); text-align: right; white-space: nowrap; }
th { color: var(--quiet); font-weight: 600; } tr:last-child > * { border-bottom: 0; }
th:first-child, td:first-child, .words th, .words td { text-align: left; } td.expr { text-align: left; font-family: ui-monospace, monospace; }
#charts { padding: 0; border: 0; background: none; } #charts > h2 { margin-left: 1rem; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; } .charts figure { margin: 0; } .charts .wide { grid-column: 1 / -1; }
figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.8rem; } figcaption h3 { margin: 0; } figcaption .at { color: var(--quiet); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
figure p { margin: 0.1rem 0 0.4rem; color: var(--quiet); font-size: 0.85rem; }
.plot { min-height: 220px; touch-action: pan-y; } .plot:focus-visible { outline: 2px solid var(--link); border-radius: 4px; }
.u-select { background: color-mix(in srgb, var(--link) 18%, transparent) !important; } .u-cursor-x, .u-cursor-y { border-color: var(--quiet) !important; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem; padding: 0; margin: 0.4rem 0 0; list-style: none; }
button { font: inherit; font-size: 0.82rem; color: inherit; background: var(--soft); border: 1px solid var(--border); border-radius: 6px; padding: 0.12rem 0.55rem; cursor: pointer; }
button:hover { border-color: var(--line); } button:focus-visible { outline: 2px solid var(--link); }
.legend button { display: inline-flex; align-items: center; gap: 0.4rem; } .legend button[aria-pressed=false] { text-decoration: line-through; color: var(--quiet); }
.swatch { width: 14px; height: 0; border-top: 3px solid; } .swatch.dash-1 { border-top: 2px dashed; } .swatch.dash-2 { border-top: 2px dotted; } .swatch.dash-3 { border-top: 3px double; }
.part[hidden] { display: none; } .legend output { font-weight: 600; font-variant-numeric: tabular-nums; } .reset { margin-left: auto; }
.bar { display: flex; height: 1.7rem; border-radius: 5px; overflow: hidden; margin: 0.35rem 0; } .bar span { min-width: 2px; }
.read { background: var(--series-2); } .kernels { background: var(--series-5); } .queued { background: var(--series-3); } .waited { background: var(--series-0); }
.key { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; padding: 0; margin: 0; list-style: none; font-size: 0.85rem; } .key i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.35em; }
.key.wide { padding: 0 1rem; color: var(--quiet); } .key .mark-phase, .key .mark-event, .key .mark-restart { width: 0; border-radius: 0; border-left: 2px dashed var(--quiet); } .key .mark-event { border-left: 2px dotted var(--quiet); } .key .mark-restart { border-left-color: var(--fail); } .key .mark-evictions { width: 3px; background: var(--fail); }
#thresholds th, #thresholds td { text-align: left; } #thresholds td.expr { white-space: normal; overflow-wrap: anywhere; } #thresholds table { width: auto; min-width: min(100%, 36rem); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 0 2rem; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1rem; margin: 0; } .facts dt { color: var(--quiet); } .facts dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0.4rem 0; padding: 0.7rem; background: var(--soft); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.88rem; }
ul.findings { padding-left: 1.2rem; margin: 0; } ul.findings li { overflow-wrap: anywhere; margin: 0.2rem 0; }
footer { padding-bottom: 2rem; }
@media (max-width: 52rem) { .charts { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 30rem) { header, main, footer { padding-left: 0.6rem; padding-right: 0.6rem; } section, figure { padding: 0.7rem; } th, td { padding: 0.3rem 0.45rem; } .facts { grid-template-columns: minmax(0, 1fr); } .facts dd { margin-bottom: 0.4rem; } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .tiles dd { font-size: 1.1rem; } }
@media print { nav, .reset, button.copy { display: none; } section, figure { break-inside: avoid; } #charts, #evictions { break-inside: auto; } body { font-size: 12px; } .charts { grid-template-columns: minmax(0, 1fr); } .tiles { grid-template-columns: repeat(4, 1fr); }
  .scroll { overflow: visible; } table { font-size: 11px; } th, td { padding: 0.2rem 0.35rem; } th, td { white-space: normal; } tr { break-inside: avoid; } .verdict, .bar, .key, .swatch { print-color-adjust: exact; } }
`;
