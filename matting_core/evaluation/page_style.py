"""The report's style sheet, light and dark."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --paper: #fafafa; --card: #fff; --ink: #1c1c1e; --faint: #6b6b70;
  --rule: #d9d9de; --c0: #0a64c8; --c1: #d2550a; --c2: #1a8a4b; --c3: #a036b4; --c4: #a07800;
  --c5: #008c96; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161618; --card: #202024; --ink: #ececf0; --faint: #9a9aa2; --rule: #3a3a40;
    --c0: #5aa5ff; --c1: #ff9650; --c2: #50d28c; --c3: #d782eb; --c4: #e6be3c; --c5: #46d2dc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 18px; margin: 32px 0 12px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0; }
dt, p, figcaption, footer { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
p { margin: 8px 0; } b { color: var(--ink); font-weight: 600; }
b.opaque { color: #e0601a; } b.clear { color: #3090ff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; border-bottom: 1px solid var(--rule); text-align: right;
  white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; } th { font-weight: 600; }
tbody th { font-weight: 400; }
.graphs { display: grid; gap: 16px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); }
figure { margin: 0; } figcaption { font-size: 13px; }
.graphs figure, article { background: var(--card); border: 1px solid var(--rule);
  border-radius: 8px; padding: 12px; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--faint); } svg .grid { stroke: var(--rule); }
.c0 { --line: var(--c0); } .c1 { --line: var(--c1); } .c2 { --line: var(--c2); }
.c3 { --line: var(--c3); } .c4 { --line: var(--c4); } .c5 { --line: var(--c5); }
.line polyline { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round; }
.line circle { fill: var(--line); }
.keys, .numbers { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 13px; }
.key, .numbers span { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 14px; height: 3px;
  margin-right: 6px; vertical-align: middle; background: var(--line); }
article { margin: 0 0 16px; }
.pictures { display: flex; gap: 10px; } .pictures figure { flex: 0 1 auto; min-width: 0; }
@media (max-width: 700px) { .pictures { flex-wrap: wrap; } }
.pictures img { display: block; max-width: 100%; height: auto; background: #000; }
summary { cursor: pointer; } footer { margin-top: 32px; font-size: 13px; }
"""
