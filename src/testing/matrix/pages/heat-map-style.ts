// The looks of docs/kill-matrix.html: nothing is loaded from outside, light and dark as the reader's system. The table
// scrolls inside its frame, so that the check ids and the names of the hubs stay in view.

const LIGHT = `--text: #1b1f24; --back: #f6f7f9; --card: #fff; --quiet: #57606a; --line: #d5dae0; --soft: #eef0f3;
  --pass: #d8f0de; --fail: #d1372c; --warn: #f2b84b; --skip: #dfe3e8; --error: #9a57c7; --on-fail: #fff; --on-warn: #332200; --mark: #10151b; --link: #0a58b5;`;
const DARK = `--text: #e6e8eb; --back: #101316; --card: #181c20; --quiet: #9aa3ae; --line: #343b43; --soft: #22272d;
  --pass: #1c3a26; --fail: #e5534b; --warn: #c08a2d; --skip: #30363d; --error: #a371d6; --on-fail: #fff; --on-warn: #140d00; --mark: #f4f6f8; --link: #79b8ff;`;

export const HEAT_MAP_STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--back); }
.page { padding: 1.2rem 1rem 3.5rem; } h1 { font-size: 1.3rem; margin: 0; } .text { max-width: 62rem; margin: 0.4rem 0; }
code, .ids { font-family: ui-monospace, "SF Mono", Menlo, monospace; font-size: 0.92em; }
.shortfalls { color: var(--fail); max-width: 62rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; margin: 0.6rem 0; padding: 0; list-style: none; font-size: 0.9rem; } .legend li { display: flex; gap: 0.4rem; align-items: center; }
.legend i { width: 1.3rem; height: 1.3rem; display: inline-grid; place-items: center; font-style: normal; font-size: 0.72rem; } .legend i:not([class]) { background: var(--pass); }
[role=search] { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin: 0.8rem 0 0.6rem; }
input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--quiet); border-radius: 6px; padding: 0.25rem 0.6rem; min-width: 0; } input[type=search] { flex: 0 1 24rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; } output { color: var(--quiet); font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.frame { overflow: auto; max-height: calc(100vh - 5rem); border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { border-collapse: separate; border-spacing: 0; font-size: 0.8rem; line-height: 1.25; }
td { min-width: 1.3rem; width: 1.3rem; padding: 0; text-align: center; vertical-align: middle; background: var(--pass); border-right: 1px solid var(--card); border-bottom: 1px solid var(--card); font-size: 0.72rem; }
.f { background: var(--fail); color: var(--on-fail); } .w { background: var(--warn); color: var(--on-warn); } .s { background: var(--skip); color: var(--quiet); } .e { background: var(--error); color: var(--on-fail); } .u { background: none; color: var(--quiet); }
.n { box-shadow: inset 0 0 0 2px var(--mark); font-weight: 700; } .x { background: none; color: var(--fail); box-shadow: inset 0 0 0 2px var(--fail); font-weight: 700; }
td.t { background: var(--card); min-width: 2.2rem; padding: 0 0.4rem; text-align: right; font-variant-numeric: tabular-nums; font-size: 0.78rem; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--card); vertical-align: bottom; font-weight: 400; padding: 0; border-bottom: 1px solid var(--line); }
thead th > div { display: flex; align-items: end; height: 15.5rem; padding: 0.3rem 0; } thead th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-size: 0.76rem; width: 1.3rem; line-height: 1.3rem; }
thead th.first { border-left: 2px solid var(--line); } thead b { font-weight: 600; }
th[scope=row], thead th:first-child { position: sticky; left: 0; z-index: 1; background: var(--card); text-align: left; font-weight: 400; width: 27rem; min-width: 27rem; padding: 0.2rem 0.6rem; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); }
thead th:first-child { z-index: 3; vertical-align: bottom; color: var(--quiet); } th[scope=row] .ids { font-weight: 600; } th small { color: var(--quiet); font-size: 0.95em; } th p { margin: 0.1rem 0 0; color: var(--quiet); }
.group th { position: sticky; left: 0; text-align: left; padding: 0.6rem 0.6rem 0.3rem; font-size: 0.9rem; background: var(--soft); } .group td { background: var(--soft); border-color: var(--soft); }
tfoot th[scope=row] { font-weight: 600; } tfoot td { background: var(--card); height: 2.6rem; } tfoot td i { writing-mode: vertical-rl; font-style: normal; }
#about { position: fixed; inset: auto 0 0; z-index: 9; margin: 0; padding: 0.45rem 1rem; min-height: 2.4rem; background: var(--card); color: var(--text); border-top: 1px solid var(--line); font-size: 0.88rem; }
@media (max-width: 48rem) { .page { padding: 0.8rem 0.6rem 4.5rem; } th p { display: none; } th[scope=row], thead th:first-child { width: 9.5rem; min-width: 9.5rem; max-width: 9.5rem; padding: 0.25rem 0.4rem; overflow-wrap: anywhere; } .group th { max-width: 9.5rem; white-space: nowrap; z-index: 1; } thead th > div { height: 13rem; } thead th span { max-height: 12.5rem; overflow: hidden; text-overflow: ellipsis; } input[type=search] { flex: 1 1 100%; } }
@media print { [role=search], #about { display: none; } .frame { overflow: visible; max-height: none; border: 0; } }
`;
