// What replay.html needs beyond the looks of every page: the picture of who read when.

export const REPLAY_STYLE = `
details.item > summary .verdict { min-width: 7.6rem; }
details.item em { color: var(--quiet); font-style: normal; overflow-wrap: anywhere; }
details.item details > summary { color: var(--quiet); font-size: 0.88rem; margin: 0.5rem 0; }
table.text td.verdict { white-space: nowrap; width: 1%; }
table.text td.fail { color: var(--fail); } table.text td.warn { color: var(--warn); } table.text td.pass { color: var(--pass); }
.readers { display: block; min-width: 32rem; width: 100%; max-width: 60rem; height: auto; background: var(--soft); border-radius: 6px; margin-top: 1rem; }
.readers text { fill: var(--text); font-size: 11px; }
.readers .name { text-anchor: end; }
.readers .time { text-anchor: middle; }
.readers .tick { stroke: var(--border); }
.reading { fill: var(--series-2); background: var(--series-2); }
.stalled { fill: var(--series-1); background: var(--series-1); }
path.ended { stroke: var(--fail); stroke-width: 2; fill: none; }
.key .ended { background: linear-gradient(45deg, transparent 42%, var(--fail) 42% 58%, transparent 58%); }
.key { margin: 0.3rem 0; }
@media (max-width: 34rem) { details.item > summary .verdict { min-width: 0; } details.item > summary { grid-template-columns: minmax(0, 1fr); } details.item > summary > .quiet { grid-column: 1; } }
`;
