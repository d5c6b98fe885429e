/** The look of a quality report, on the screen, in the dark and on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1d2520; --soft: #56635b; --line: #d8dfda; --page: #fbfcfb; --tint: #eef3ef;
  --accent: #276749; --passed: #276749; --warned: #8a5a00; --failed: #a4262c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4ebe6; --soft: #9fb0a6; --line: #37413b; --page: #161a18; --tint: #1f2622; --accent: #7fcfa3;
    --passed: #7fcfa3; --warned: #e6b35a; --failed: #f28b82; }
}
body { margin: 0 auto; max-width: 64rem; padding: 0 1rem 3rem; color: var(--ink); background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; }
header { border-bottom: 3px solid var(--accent); padding: 1.5rem 0 0.75rem; }
h1 { margin: 0; font-size: 1.75rem; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.25rem; }
p { margin: 0.35rem 0; }
header p, footer, .soft { color: var(--soft); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.5rem; font-size: 0.875rem; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.counts span { color: var(--soft); font-size: 0.875rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.5rem 0; width: 100%; font-size: 0.9375rem; }
th, td { padding: 0.3rem 0.75rem 0.3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: 0.8125rem; white-space: nowrap; }
td { overflow-wrap: anywhere; }
td:first-child { overflow-wrap: break-word; min-width: 9rem; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font-size: 0.875em; background: var(--tint); padding: 0.05rem 0.25rem; border-radius: 3px; }
.passed { color: var(--passed); } .warned { color: var(--warned); } .failed, .broken { color: var(--failed); }
.passed, .warned, .failed, .broken { font-weight: 600; white-space: nowrap; }
.not_applicable { color: var(--soft); }
ol.todo { padding: 0; list-style: none; counter-reset: todo; }
ol.todo li { margin: 0.75rem 0; padding: 0.5rem 0.75rem; border-left: 4px solid var(--line); background: var(--tint);
  break-inside: avoid; }
ol.todo li.p1 { border-color: var(--failed); } ol.todo li.p2 { border-color: var(--warned); }
ol.todo b { display: block; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 0.75rem; margin: 0.25rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.bar { display: inline-block; width: 5rem; height: 0.6rem; background: linear-gradient(to right, var(--accent)
  var(--share), var(--line) var(--share)); border-radius: 2px; }
.trend polyline { fill: none; stroke: var(--accent); stroke-width: 1.5; } .trend circle { fill: var(--accent); }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --page: #fff; --tint: #f4f4f4; --accent: #276749; --passed: #276749;
    --warned: #8a5a00; --failed: #a4262c; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; } tr, li { break-inside: avoid; } thead { display: table-header-group; }
  .bar, .trend { print-color-adjust: exact; }
  .wide { overflow: visible; }
}
`
