// What the live page needs beyond the looks of loadtest.html: phases, and tiles that never change their number.

export const LIVE_STYLE = `
.now { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.9rem; border-left: 6px solid var(--link); }
.now strong { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
#fault { color: var(--fail); overflow-wrap: anywhere; }
.now.over { border-left-color: var(--warn); }
@media (min-width: 34.01rem) { .tiles { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
@media (min-width: 66rem) { .tiles { grid-template-columns: repeat(8, minmax(0, 1fr)); } }
.tiles dd.bad { color: var(--fail); }
.phases { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.45rem; }
.phases li { display: grid; grid-template-columns: 7rem minmax(3rem, 1fr) 8.5rem; gap: 0.8rem; align-items: center; }
.phases .name, .phases .words { overflow-wrap: anywhere; }
.phases .words { color: var(--quiet); font-size: 0.88rem; font-variant-numeric: tabular-nums; }
.phases li[data-state=ahead] .name { color: var(--quiet); }
.phases li[data-state=running] .name { font-weight: 600; }
.track { height: 0.8rem; border-radius: 5px; overflow: hidden; background: var(--soft); border: 1px solid var(--border); }
.track div { height: 100%; width: 0; background: var(--series-0); }
li[data-state=done] .track div { background: var(--pass); }
.track.open div { width: 100%; background: repeating-linear-gradient(135deg, var(--series-0) 0 8px, transparent 8px 16px); }
.plot { min-height: 200px; height: 200px; }
.charts figure#chart-rate { grid-column: 1 / -1; }
.legend li { display: inline-flex; align-items: center; gap: 0.4rem; margin-right: 0.8rem; font-size: 0.85rem; }
@media (max-width: 34rem) { .phases li { grid-template-columns: 5.6rem minmax(2rem, 1fr) 6.6rem; gap: 0.45rem; } }
`;
