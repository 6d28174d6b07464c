import { css } from 'lit';

/** Colours and sizes, which an embedding page may set as `--footnote-*`; and what all controls look like. */
export const base = css`
  :host {
    color-scheme: light dark;
    --paper: var(--footnote-paper, light-dark(#fcfbf8, #17181a));
    --raised: var(--footnote-raised, light-dark(#ffffff, #1f2123));
    --sunk: var(--footnote-sunk, light-dark(#f3f1eb, #24262a));
    --ink: var(--footnote-ink, light-dark(#22211e, #e6e4df));
    --soft-ink: var(--footnote-soft-ink, light-dark(#5f5c55, #a8a59d));
    --line: var(--footnote-line, light-dark(#e2ded4, #36393e));
    --accent: var(--footnote-accent, light-dark(#28594b, #8cc5b2));
    --on-accent: var(--footnote-on-accent, light-dark(#ffffff, #10201b));
    --good: light-dark(#1b6b45, #7fce9f);
    --bad: light-dark(#a1291f, #f2998f);
    --mark: light-dark(#fdf0b8, #574a14);
    --font: var(--footnote-font, system-ui, sans-serif);
    --mono: var(--footnote-mono, ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace);
    --radius: var(--footnote-radius, 10px);
    display: block;
    color: var(--ink);
    font: 400 1rem/1.55 var(--font);
    -webkit-text-size-adjust: 100%;
  }
  /* What the page around sets for all elements comes with the element, and ends here. */
  .shell, .launch {
    letter-spacing: normal; word-spacing: normal; text-transform: none; text-align: start; text-indent: 0; white-space: normal;
  }
  :host([theme='light']) { color-scheme: light; }
  :host([theme='dark']) { color-scheme: dark; }
  * { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset, blockquote { margin: 0; padding: 0; }
  fieldset { border: 0; min-width: 0; }
  button, input, select, textarea { font: inherit; color: inherit; }
  button { background: none; border: 0; padding: 0; cursor: pointer; text-align: start; }
  a { color: var(--accent); text-underline-offset: 0.15em; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .unseen {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  .small { font-size: 0.875rem; color: var(--soft-ink); }
  .label { font-size: 0.8125rem; font-weight: 600; color: var(--soft-ink); letter-spacing: 0.01em; }
  .link { color: var(--accent); text-decoration: underline; text-underline-offset: 0.15em; }
  .row { display: flex; align-items: center; gap: 0.25rem; }
  .row > :first-child { flex: 1; min-width: 0; }
  .button {
    border: 1px solid var(--line); border-radius: 999px; padding: 0.25rem 0.85rem; font-size: 0.875rem;
    background: var(--raised); min-height: 2rem;
  }
  .button:hover, .icon:hover { background: var(--sunk); }
  .button.quiet { border-color: transparent; background: none; color: var(--soft-ink); padding-inline: 0.6rem; }
  .button.quiet:hover { color: var(--ink); background: var(--sunk); }
  .button.primary, .icon.primary { background: var(--accent); color: var(--on-accent); border-color: transparent; }
  .button:disabled { opacity: 0.5; cursor: default; }
  .icon {
    display: inline-grid; place-items: center; min-width: 2.25rem; height: 2.25rem; border-radius: 999px;
    color: var(--soft-ink); flex: none;
  }
  .icon.on, .icon[aria-pressed='true'] { color: var(--accent); background: var(--sunk); }
  .badge { font-size: 0.75rem; color: var(--soft-ink); white-space: nowrap; }
  .badge-verified, .badge-same { color: var(--good); }
  .badge-verified::before { content: '✓ '; }
  .badge-lost, .badge-differs { color: var(--bad); }
  .badge-differs { font-weight: 600; }
  .badge-differs::before { content: '≠ '; }
  .note { font-size: 0.875rem; color: var(--soft-ink); border-inline-start: 3px solid var(--line); padding: 0.25rem 0.75rem; }
  .note.bad { border-color: var(--bad); color: var(--ink); }
  .note .button { margin-top: 0.5rem; }
  .hash { font: 0.75rem var(--mono); overflow-wrap: anywhere; }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
`;
