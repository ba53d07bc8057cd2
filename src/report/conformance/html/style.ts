// What conformance.html and the grid need beyond the looks of every page: the sequence picture, the wire log and the grid.

const SEQUENCE = `
.sequence { display: block; font: 11px system-ui, sans-serif; }
.sequence text { fill: var(--text); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.sequence .lane { font-weight: 600; font-size: 12px; }
.sequence .time, .sequence .kit { fill: var(--quiet); }
.sequence line { stroke: var(--border); }
.sequence path { stroke: var(--link); fill: none; stroke-width: 1.3; }
.sequence .out path { stroke: var(--pass); }
.sequence .fault path { stroke: var(--fail); }
.sequence .fault text { fill: var(--fail); }
.sequence circle { fill: var(--quiet); }
`;

const WIRE = `
.wire > summary { color: var(--quiet); font-weight: 600; font-size: 0.85rem; margin-top: 1rem; }
.wire table { font-size: 0.83rem; margin-top: 0.4rem; }
.wire th, .wire td { text-align: left; padding: 0.22rem 0.6rem 0.22rem 0; }
.wire .at, .wire .who, .wire .bits { white-space: nowrap; }
.wire .at, .wire .bits { color: var(--quiet); }
.wire .at { text-align: right; }
.wire .words { overflow-wrap: anywhere; min-width: 12rem; width: 60%; }
.wire .words summary { color: var(--quiet); }
.wire tr.fault .words { color: var(--fail); }
@media (max-width: 34rem) {
  .wire thead { display: none; }
  .wire tr { display: flex; flex-wrap: wrap; gap: 0 0.7rem; border-bottom: 1px solid var(--border); padding: 0.25rem 0; }
  .wire td { display: block; border: 0; padding: 0; }
  .wire .words { width: 100%; min-width: 0; }
}
@media print { .sequence { max-width: 100%; height: auto; } }
`;

export const CONFORMANCE_STYLE = SEQUENCE + WIRE;

export const GRID_STYLE = `
.hubs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 1rem; margin: 1rem 0; }
.hubs .card { margin: 0; }
.hubs h2 { margin: 0 0 0.2rem; overflow-wrap: anywhere; }
.hubs p { margin: 0.2rem 0 0; }
table.grid td { text-align: center; white-space: nowrap; }
table.grid td.verdict { font-size: 0.85rem; }
table.grid td.fail, table.grid td.error { background: color-mix(in srgb, currentColor 9%, transparent); }
table.grid th[scope=row] { min-width: 11rem; width: 50%; overflow-wrap: anywhere; }
table.grid th code { font-size: 0.86rem; color: var(--quiet); display: block; }
table.grid thead th { text-align: center; overflow-wrap: anywhere; min-width: 4rem; }
table.grid thead th:first-child { text-align: left; }
table.grid summary { font-size: 0.83rem; color: var(--quiet); }
table.measured td { white-space: normal; overflow-wrap: anywhere; min-width: 6rem; }
`;
