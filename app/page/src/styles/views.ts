import { css } from 'lit';

/** Docs, gaps, evaluation, and why an answer is as it is. */
export const views = css`
  .view { display: grid; gap: 1.5rem; padding-block: 1.75rem 4rem; align-content: start; }
  .view > *, .why > * { min-width: 0; }
  .view h1 { font: 600 1.625rem/1.25 Georgia, 'Times New Roman', serif; }
  .view .choice { max-width: 24rem; }
  .view h2, .why h3 { font-size: 1rem; line-height: 1.4; }
  .view section { display: grid; gap: 0.6rem; min-width: 0; }
  .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 1.5rem; }
  .facts dt { color: var(--soft-ink); }
  .facts dd { overflow-wrap: anywhere; }
  .why { display: grid; gap: 1rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: var(--radius);
    background: var(--raised); font-size: 0.9375rem; min-width: 0; }
  .why section { display: grid; gap: 0.4rem; min-width: 0; }
  td.path { overflow-wrap: break-word; }
  td.path ~ :last-child { overflow-wrap: anywhere; }
  td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .ranks { width: 100%; max-width: 30rem; margin-top: 0.5rem; font: 0.6875rem var(--font); }
  .ranks text { fill: var(--soft-ink); }
  .ranks polyline { fill: none; stroke: var(--line); stroke-width: 2; }
  .ranks circle { fill: var(--raised); stroke: var(--line); }
  .ranks g:first-of-type :is(polyline, circle) { stroke: var(--accent); }
  .bar { display: inline-block; height: 0.55em; background: var(--accent); border-radius: 2px; min-width: 1px; }
  meter, progress { accent-color: var(--accent); width: 100%; }
  .inline-form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; }
  .inline-form label { display: grid; gap: 0.2rem; flex: 1 1 14rem; font-size: 0.875rem; color: var(--soft-ink); }
  .inline-form input { padding: 0.35rem 0.7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); min-height: 2rem; }
  .gap { border-top: 1px solid var(--line); padding-top: 0.9rem; display: grid; gap: 0.35rem; }
  .list { list-style: none; display: grid; gap: 0.35rem; }
`;
