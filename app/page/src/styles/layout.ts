import { css } from 'lit';

/** Where the parts are: the page with its reader beside it, the side panel, the dialogs. */
export const layout = css`
  :host([mode='page']) { min-height: 100dvh; background: var(--paper); }
  .shell { container: shell / inline-size; background: var(--paper); }
  :host([mode='page']) .shell { min-height: 100dvh; display: flex; flex-direction: column; }
  .top {
    display: flex; align-items: center; gap: 1.25rem; padding: 0.5rem 1.25rem; min-height: 3.25rem;
    border-bottom: 1px solid var(--line); background: var(--paper); position: sticky; top: 0; z-index: 3;
  }
  .brand { font: 600 1.125rem/1 Georgia, 'Times New Roman', serif; color: var(--ink); text-decoration: none; }
  .brand sup { font-size: 0.6em; color: var(--accent); margin-inline-start: 0.1em; }
  .top nav { display: flex; gap: 1rem; flex: 1; overflow-x: auto; scrollbar-width: none; padding: 4px; }
  .top nav a { color: var(--soft-ink); text-decoration: none; font-size: 0.9375rem; padding: 0.25rem 0; }
  .top nav a:hover { color: var(--ink); }
  .top nav a[aria-current] { color: var(--ink); box-shadow: 0 2px 0 var(--accent); }
  .top > .icon { margin-inline-start: auto; }
  .top .button { white-space: nowrap; }
  .columns { flex: 1; display: grid; grid-template-columns: minmax(0, 1fr); }
  main, .main { min-width: 0; padding: 0 1.25rem; display: flex; flex-direction: column; }
  main > *, .main > * { width: 100%; max-width: 44rem; margin-inline: auto; }
  main > footnote-conversation, .main > footnote-conversation { flex: 1; display: flex; flex-direction: column; }
  footnote-reader { display: block; min-width: 0; }
  footnote-reader:not(:has(.reader)) { display: none; }

  @container shell (min-width: 64rem) {
    .reading .columns, .columns:has(.reader) { grid-template-columns: minmax(0, 1fr) minmax(26rem, 44%); }
  }
  @container shell (max-width: 63.99rem) {
    .reader { position: fixed !important; inset: 0 !important; z-index: 4; height: auto !important; border: 0 !important; }
  }
  @container shell (max-width: 30rem) {
    .top { gap: 0.6rem; padding-inline: 0.75rem; }
    .top nav { gap: 0.75rem; }
    .top nav a { font-size: 0.875rem; }
    .page-help, .top span { display: none; }
    .top .button { padding-inline: 0.5rem; }
    main, .main { padding-inline: 0.75rem; }
  }

  @container shell (max-width: 24rem) {
    .top { gap: 0.4rem; }
    .top .brand { font-size: 1rem; }
    .top nav { gap: 0.5rem; }
    .top nav a { font-size: 0.8125rem; }
    .top .button { padding-inline: 0.4rem; }
  }

  .launch {
    position: fixed; inset-block-end: 1.25rem; inset-inline-end: 1.25rem; z-index: 2147483000;
    display: inline-flex; align-items: center; gap: 0.5rem; padding: 0.7rem 1.1rem; border-radius: 999px;
    background: var(--accent); color: var(--on-accent); box-shadow: 0 4px 18px rgb(0 0 0 / 0.2);
  }
  .panel {
    position: fixed; inset-block: 0; inset-inline-end: 0; z-index: 2147483000; width: min(30rem, 100vw);
    background: var(--paper); border-inline-start: 1px solid var(--line); box-shadow: 0 0 32px rgb(0 0 0 / 0.16);
    overflow: auto; overscroll-behavior: contain;
  }
  .panel .shell { min-height: 100%; display: flex; flex-direction: column; }
  .panel .reader { width: min(30rem, 100vw); inset-inline-start: auto !important; }
  :host([mode='inline']) .shell { border: 1px solid var(--line); border-radius: var(--radius); overflow: clip; }

  dialog {
    border: 1px solid var(--line); border-radius: var(--radius); background: var(--raised); color: var(--ink);
    padding: 1rem 1.25rem 1.25rem; width: min(26rem, calc(100vw - 2rem));
  }
  dialog::backdrop { background: rgb(0 0 0 / 0.35); }
  dialog h2 { font-size: 1.0625rem; }
  dialog form { display: grid; gap: 0.75rem; justify-items: start; }
  dialog label { display: grid; gap: 0.25rem; width: 100%; }
  dialog input { padding: 0.45rem 0.6rem; border: 1px solid var(--soft-ink); border-radius: 6px; background: var(--paper); }
  .keys { display: grid; grid-template-columns: auto 1fr; gap: 0.4rem 1rem; }
  kbd {
    font: 0.8125rem var(--mono); border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 5px; padding: 0 0.4em;
  }

  @media print {
    .top, .reader, .composer, .toolbar, .actions, .suggestions, .earlier, .launch { display: none !important; }
    .turn { break-inside: auto; }
    .source, .sources li { break-inside: avoid; }
    pre { white-space: pre-wrap !important; }
  }
`;
