// The report's style sheet: it travels inside the file.

export const reportStyle = `
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 2.4rem; line-height: 1.1; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.75rem; }
img { max-width: 100%; height: auto; border-radius: 4px; }
figure { margin: 0; }
figcaption, .soft { color: GrayText; font-size: 0.9rem; }
table { width: 100%; border-collapse: collapse; margin-top: 1rem; }
th { text-align: left; font-weight: 500; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
.track { width: 70%; }
.track span { display: block; height: 0.7rem; border-radius: 2px; background: #21918c; min-width: 1px; }
pre { white-space: pre-wrap; padding: 0.75rem 1rem; border: 1px solid GrayText; border-radius: 6px; }
`;
