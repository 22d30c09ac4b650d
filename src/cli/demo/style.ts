// The demo page's style sheet: one text column, wide figures, light and dark.

export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --ink: #211f1b; --soft: #6b655b; --line: #e2ddd1; --well: #f1eee6; --accent: #21756f; --bar: #35b779;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", "Noto Serif", Georgia, serif;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #151417; --ink: #e8e4dc; --soft: #9f988c; --line: #302d33; --well: #1e1c21; --accent: #7fd1b9; --bar: #2a9d7f; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.125rem/1.65 var(--serif); font-feature-settings: "kern", "liga", "onum"; }
section, header, footer { display: grid; grid-template-columns: minmax(1.25rem, 1fr) minmax(0, 42rem) minmax(1.25rem, 1fr); }
section > *, header > *, footer > * { grid-column: 2; min-width: 0; }
section > .wide, header > .wide { grid-column: 1 / -1; justify-self: center; width: min(100% - 2.5rem, 72rem); }
header { padding: clamp(2.5rem, 7vw, 6rem) 0 0; }
.masthead { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); gap: clamp(1.5rem, 4vw, 4rem); align-items: center; }
.masthead img { border-radius: 4px; }
h1 { font-size: clamp(2.3rem, 5.4vw, 4.1rem); line-height: 1.06; letter-spacing: -0.018em; font-weight: 500; margin: 0 0 1.4rem; text-wrap: balance; }
h2 { font-size: clamp(1.7rem, 3.2vw, 2.3rem); line-height: 1.15; letter-spacing: -0.01em; font-weight: 500; margin: 0 0 1.1rem; text-wrap: balance; }
h3 { font: 600 0.82rem/1.4 var(--sans); margin: 0; }
.number { display: block; font: 600 0.78rem/1 var(--sans); letter-spacing: 0.09em; text-transform: uppercase; color: var(--accent); margin: 0 0 0.9rem; }
section > h2 { border-top: 1px solid var(--line); padding-top: 2.2rem; margin-top: clamp(3.5rem, 8vw, 6.5rem); }
p { margin: 0 0 1.15em; hanging-punctuation: first; text-wrap: pretty; }
.lead { font-size: 1.28rem; line-height: 1.55; color: var(--ink); }
a { color: inherit; text-decoration-color: var(--accent); text-underline-offset: 0.18em; }
code { font: 0.84em/1.5 var(--mono); font-feature-settings: normal; overflow-wrap: anywhere; }
pre { background: var(--well); border: 1px solid var(--line); border-radius: 6px; padding: 0.85rem 1.1rem; margin: 0.4rem 0 1.8rem; overflow-x: auto; font-size: 0.98rem; }
pre code { white-space: pre-wrap; }
pre .prompt { color: var(--soft); user-select: none; }
figure { margin: 0.8rem 0 2.2rem; }
figcaption { font: 0.86rem/1.5 var(--sans); color: var(--soft); margin-top: 0.65rem; }
figcaption b { color: var(--ink); font-weight: 600; }
img { display: block; width: 100%; height: auto; }
.zoom { display: block; cursor: zoom-in; }
.pixels { image-rendering: pixelated; }
.well { background: #0c0b0d; border-radius: 5px; overflow: hidden; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1.4rem 2rem; align-items: center; margin: 0.8rem 0 2rem; }
.strangers { display: grid; grid-template-columns: 3fr 2fr; gap: clamp(1rem, 2.5vw, 2.2rem); margin: 0.8rem 0 0; }
.pair figure, .trio figure, .strangers figure { margin: 0; }
.trio { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: clamp(1rem, 2.5vw, 2.2rem); margin: 0.8rem 0 2.2rem; }
.trio img + img { margin-top: 0.7rem; }
.trio h3 { display: flex; justify-content: space-between; gap: 0.6rem; margin-bottom: 0.6rem; font-size: 0.95rem; }
.trio h3 span:last-child, .value { font-variant-numeric: tabular-nums; color: var(--soft); font-weight: 400; }
.layers { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0 1.6rem; }
.layers > * { grid-column: 1 / -1; }
.layers > .third { grid-column: auto; }
.layer { margin: 0 0 2.4rem; }
.layer h3 { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; justify-content: space-between; margin-bottom: 0.6rem; }
.layer h3 code { font-size: 0.95rem; font-weight: 600; }
.layer h3 span { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font: 0.88rem/1.45 var(--sans); font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; color: var(--soft); border-bottom: 1px solid var(--line); padding: 0.35rem 1rem 0.35rem 0; }
td { border-bottom: 1px solid var(--line); padding: 0.32rem 1rem 0.32rem 0; white-space: nowrap; }
td:last-child, th:last-child { padding-right: 0; }
.right { text-align: right; }
.scroll { overflow-x: auto; margin: 0.6rem 0 2rem; }
.bars td:nth-child(2) { width: 100%; }
.bars td { border: 0; }
.bar { display: block; height: 0.8rem; border-radius: 2px; background: var(--bar); min-width: 1px; }
.track { background: var(--well); border-radius: 2px; min-width: 7rem; }
.empty { display: grid; place-items: center; background: var(--well); color: var(--soft); border-radius: 5px; padding: 2rem; font: 0.88rem var(--sans); }
footer { margin: clamp(3.5rem, 8vw, 6rem) 0 3rem; font: 0.88rem/1.6 var(--sans); color: var(--soft); }
footer > * { border-top: 1px solid var(--line); padding-top: 1.4rem; }
@media (max-width: 46rem) {
  body { font-size: 1.06rem; }
  .masthead { grid-template-columns: minmax(0, 1fr); }
  .trio, .strangers { grid-template-columns: minmax(0, 1fr); }
  .trio div { display: grid; grid-template-columns: 1fr 1fr; gap: 0.6rem; }
  .trio img + img { margin-top: 0; }
  .layers > .third { grid-column: 1 / -1; }
  .layer .scroll img { width: 44rem; max-width: none; }
  .third .scroll img { width: 100%; }
  .kind { display: none; }
}
@media print { .scroll { overflow: visible; } }
`;
