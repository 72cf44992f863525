/**
 * The style sheet of the operator's page.
 *
 * @module
 */

/** CSS for light and dark, from 320 px to a wall screen. Contrast is at least 4.5 to 1. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de;
  --good: #116329; --warn: #7d4e00; --bad: #a40e26; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9aa4ae; --line: #30363d;
    --good: #56d364; --warn: #e3b341; --bad: #ff8c82; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; }
[role="status"] { font-size: 1.25rem; font-weight: 600; margin: 0; }
.well, tr.ok .state { color: var(--good); }
.unwell, .problem, tr.lost .state, tr.gone .state { color: var(--bad); }
tr.late .state, .maintenance, tr.paused .state { color: var(--warn); }
tr.starting .state, tr.unknown .state, footer { color: var(--soft); }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  font-weight: 400; }
thead th { font-size: .875rem; color: var(--soft); }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
.state { white-space: nowrap; font-weight: 600; }
meter { width: 6rem; vertical-align: middle; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; }
footer { font-size: .875rem; }
@media (max-width: 40rem) {
  td:nth-child(3), th:nth-child(3), td:nth-child(4), th:nth-child(4) { display: none; }
  meter { display: block; width: 4rem; }
  td, th { padding-right: .5rem; } }
`;
