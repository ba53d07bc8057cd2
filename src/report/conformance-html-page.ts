// Style and script of the HTML report: no font, image or request from outside; light and dark as the reader's system.

export const CONFORMANCE_HTML_STYLE = `
:root { --text: #1c1e21; --back: #ffffff; --soft: #f3f4f6; --line: #d5d8dd; --quiet: #5b626c;
  --fail: #b3261e; --error: #8a3ab9; --warn: #8a5a00; --skip: #5b626c; --pass: #1a7f37; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e8eb; --back: #14171a; --soft: #1f2429; --line: #383e46; --quiet: #9aa3ae;
    --fail: #ff7b72; --error: #d2a8ff; --warn: #e3b341; --skip: #9aa3ae; --pass: #56d364; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
h1, h2, h3 { line-height: 1.2; margin: 1.2em 0 0.4em; } h1 { margin-top: 0; } h3 { font-size: 0.9rem; }
.quiet { color: var(--quiet); } .notice { border-left: 4px solid var(--warn); padding-left: 0.6rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { border: 1px solid var(--line); padding: 0.2rem 0.6rem; text-align: right; }
th[scope=row] { text-align: left; font-weight: normal; } td.none { color: var(--quiet); }
a { color: inherit; }
form { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 0.8rem; align-items: center; padding: 0.6rem 0; background: var(--back); border-bottom: 1px solid var(--line); }
input[type=search] { flex: 1 1 14rem; padding: 0.3rem 0.5rem; font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; }
.fail { color: var(--fail); } .error { color: var(--error); } .warn { color: var(--warn); } .skip { color: var(--skip); } .pass { color: var(--pass); }
details.check { border: 1px solid var(--line); border-radius: 6px; margin: 0.4rem 0; padding: 0.3rem 0.7rem; }
summary { cursor: pointer; } .verdict { display: inline-block; min-width: 3.2rem; font-weight: 600; }
blockquote { margin: 0.6rem 0; padding-left: 0.8rem; border-left: 3px solid var(--line); color: var(--quiet); } cite { font-style: normal; font-weight: 600; }
pre { overflow-x: auto; padding: 0.6rem; background: var(--soft); border-radius: 4px; font-size: 0.85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } .sequence { font: 11px system-ui, sans-serif; } .sequence text { fill: var(--text); } .sequence .lane { font-weight: 600; }
.sequence line { stroke: var(--line); } .sequence path { stroke: var(--quiet); fill: none; stroke-width: 1.3; } .sequence .out path { stroke: var(--pass); } .sequence circle { fill: var(--quiet); } .sequence .kit { fill: var(--quiet); }
@media (max-width: 30rem) { th, td { padding: 0.2rem 0.3rem; font-size: 0.88rem; } }
[hidden] { display: none !important; }
`;

export const CONFORMANCE_GRID_STYLE = `
table.grid { width: 100%; margin: 0.4rem 0; } table.grid td { text-align: center; white-space: nowrap; } table.grid td.verdict { display: table-cell; }
table.grid th[scope=row] { min-width: 14rem; } table.grid th[scope=row] > .quiet { display: block; font-size: 0.88rem; }
table.grid summary { font-size: 0.85rem; color: var(--quiet); } table.grid thead th { text-align: center; } table.grid thead th:first-child { text-align: left; }
`;

export const CONFORMANCE_HTML_SCRIPT = `
const form = document.getElementById('filter');
const words = document.getElementById('words');
function apply() {
  const shown = new Set([...form.querySelectorAll('input[type=checkbox]:checked')].map((box) => box.value));
  const wanted = words.value.toLowerCase();
  for (const check of document.querySelectorAll('.check')) {
    check.hidden = !shown.has(check.dataset.verdict) || !check.textContent.toLowerCase().includes(wanted);
  }
  for (const section of document.querySelectorAll('main > section')) {
    section.hidden = !section.querySelector('.check:not([hidden])');
  }
}
form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
`;
