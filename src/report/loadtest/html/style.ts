// What loadtest.html and the live page need beyond the looks of every page: tiles, charts and their legends.

const TILES = `
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.4rem, 1fr)); gap: 0.7rem; margin: 1rem 0; padding: 0; }
.tiles div { background: var(--card); border: 1px solid var(--border); border-radius: 10px; padding: 0.6rem 0.8rem; min-width: 0; }
.tiles dt { color: var(--quiet); font-size: 0.8rem; overflow-wrap: anywhere; }
.tiles dd { margin: 0; font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .tiles dd { font-size: 1.1rem; } }
@media print { .tiles { grid-template-columns: repeat(4, 1fr); } }
`;

const CHARTS = `
section.bare > h2 { margin: 1.4rem 0 0.6rem 1rem; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.charts figure { margin: 0; }
.charts .wide { grid-column: 1 / -1; }
figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.8rem; }
figcaption h3 { margin: 0; }
figcaption .at { color: var(--quiet); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
figure p { margin: 0.1rem 0 0.4rem; color: var(--quiet); font-size: 0.85rem; }
.plot { min-height: 220px; touch-action: pan-y; border-radius: 4px; overflow: hidden; }
.u-select { background: color-mix(in srgb, var(--link) 18%, transparent) !important; }
.u-cursor-x, .u-cursor-y { border-color: var(--quiet) !important; }
@media (max-width: 52rem) { .charts { grid-template-columns: minmax(0, 1fr); } }
@media print { .charts { grid-template-columns: minmax(0, 1fr); } .reset, button.copy { display: none; } }
`;

const LEGENDS = `
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem; padding: 0; margin: 0.4rem 0 0; list-style: none; }
.legend button { display: inline-flex; align-items: center; gap: 0.4rem; font-size: 0.82rem; padding: 0.12rem 0.55rem; }
.legend button[aria-pressed=false] { text-decoration: line-through; color: var(--quiet); }
.legend output { font-weight: 600; font-variant-numeric: tabular-nums; }
.swatch { width: 14px; height: 0; border-top: 3px solid; print-color-adjust: exact; }
.swatch.dash-1 { border-top: 2px dashed; } .swatch.dash-2 { border-top: 2px dotted; } .swatch.dash-3 { border-top: 3px double; }
.reset { margin-left: auto; font-size: 0.82rem; padding: 0.12rem 0.55rem; }
.key.wide { padding: 0 1rem; color: var(--quiet); }
.key .mark-phase, .key .mark-event, .key .mark-restart { width: 0; border-radius: 0; border-left: 2px dashed var(--quiet); }
.key .mark-event { border-left: 2px dotted var(--quiet); }
.key .mark-restart { border-left-color: var(--fail); }
.key .mark-fault { width: 0.9rem; border-left: 2px solid var(--error); background: color-mix(in srgb, var(--error) 22%, transparent); print-color-adjust: exact; }
.key .mark-breach { width: 0.9rem; border-left: 2px solid var(--fail); background: color-mix(in srgb, var(--fail) 22%, transparent); print-color-adjust: exact; }
.key .mark-evictions { width: 3px; background: var(--fail); }
`;

export const LOADTEST_STYLE = `${TILES}${CHARTS}${LEGENDS}
td.expr { font-family: ui-monospace, monospace; }
#thresholds table { width: auto; min-width: min(100%, 36rem); }
ul.findings { padding-left: 1.2rem; margin: 0; }
ul.findings li { overflow-wrap: anywhere; margin: 0.2rem 0; }
`;
