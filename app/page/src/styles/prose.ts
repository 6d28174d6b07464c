import { css } from 'lit';

/** Text of answers and pages. */
export const prose = css`
  .prose { font-size: 1.0625rem; line-height: 1.6; overflow-wrap: anywhere; }
  .prose > * + *, .prose li > * + *, .prose blockquote > * + *, .page .quoted > * + * { margin-top: 0.75em; }
  .prose ul, .prose ol { padding-inline-start: 1.5em; }
  .prose li + li { margin-top: 0.3em; }
  .prose h3 { font-size: 1.0625rem; line-height: 1.35; margin-top: 1.4em; }
  .prose h3.depth-1 { font-size: 1.3rem; }
  .prose h3.depth-2 { font-size: 1.175rem; }
  .prose > h3:first-child { margin-top: 0; }
  .prose blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: 0.9em; color: var(--soft-ink); }
  .prose hr { border: 0; border-top: 1px solid var(--line); }
  code { font: 0.875em var(--mono); background: var(--sunk); border-radius: 4px; padding: 0.1em 0.3em; }
  pre {
    margin: 0; background: var(--sunk); border-radius: var(--radius); padding: 0.75rem 1rem; overflow-x: auto;
    font: 0.875rem/1.5 var(--mono); tab-size: 4;
  }
  code.unbroken { white-space: nowrap; }
  pre code { font: inherit; background: none; padding: 0; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; font-size: 0.9375rem; }
  th, td { overflow-wrap: normal; text-align: start; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
  td.right, th.right { text-align: end; }
  td.center, th.center { text-align: center; }
  th { font-weight: 600; color: var(--soft-ink); }
  .code-comment { color: light-dark(#6a665d, #9d9a92); font-style: italic; }
  .code-string { color: light-dark(#7a4a12, #e0b684); }
  .code-number { color: light-dark(#7a3b6b, #d9a5cb); }
  .code-key { color: light-dark(#1f5673, #93c5e3); }
  .code-word { color: light-dark(#28594b, #8cc5b2); }
  .code-prompt { color: var(--soft-ink); user-select: none; }
  .soft { color: var(--soft-ink); text-decoration: underline dotted from-font; text-underline-offset: 0.2em; }
  .verdict {
    display: inline-grid; place-items: center; min-width: 1.2em; height: 1.2em; margin-inline-start: 0.2em; cursor: help;
    border: 1px dashed var(--soft-ink); border-radius: 50%; font-size: 0.75rem; color: var(--soft-ink); line-height: 1;
  }
  .chip {
    display: inline-grid; place-items: center; min-width: 1.5em; padding: 0 0.35em; margin-inline: 0.15em 0.05em;
    border-radius: 999px; background: var(--sunk); color: var(--accent); font: 600 0.75rem/1.5 var(--font);
    vertical-align: 0.15em; text-align: center;
  }
  .chip:hover, .chip[aria-current] { background: var(--accent); color: var(--on-accent); }
  .chip.verified { box-shadow: inset 0 0 0 1px var(--good); }
  .chip.differs { background: var(--bad); color: var(--paper); }
`;
