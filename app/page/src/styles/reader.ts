import { css } from 'lit';

/** The page that is cited. */
export const reader = css`
  .reader {
    position: sticky; top: 3.25rem; height: calc(100dvh - 3.25rem); display: flex; flex-direction: column; outline-offset: -2px;
    background: var(--raised); border-inline-start: 1px solid var(--line);
  }
  .reader header { padding: 0.6rem 0.75rem 0.75rem 1.25rem; border-bottom: 1px solid var(--line); display: grid; gap: 0.25rem; }
  .reader h2 { font-size: 1rem; line-height: 1.35; overflow-wrap: anywhere; }
  .reader h2 .number { margin-inline-end: 0.4rem; }
  .reader .where { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; }
  .proof { font-size: 0.875rem; padding-top: 0.25rem; }
  .proof summary { cursor: pointer; }
  .proof .badge { font-size: 0.875rem; font-weight: 600; }
  .proof p { color: var(--soft-ink); margin-top: 0.25rem; }
  .difference { margin-top: 0.5rem; padding: 0.5rem 0.75rem; background: var(--sunk); border-radius: 8px; white-space: pre-wrap;
    overflow-wrap: anywhere; max-height: 12rem; overflow: auto; }
  .difference del { color: var(--bad); }
  .difference ins { color: var(--good); text-decoration-thickness: 2px; }
  .lines, .reader > .prose { flex: 1; overflow: auto; padding: 0.75rem 0 2rem; min-height: 0; }
  .reader > .prose { padding-inline: 1.25rem; font-size: 1rem; }
  .line { display: grid; grid-template-columns: 3.75rem minmax(0, 1fr); font: 0.8125rem/1.65 var(--mono); padding-inline-end: 1.25rem; }
  .line .at { text-align: end; padding-inline-end: 1rem; color: var(--soft-ink); user-select: none; }
  .line .text { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.65em; }
  .line.quoted .at { box-shadow: inset 3px 0 0 var(--accent); color: var(--ink); }
  mark { background: var(--mark); color: inherit; border-radius: 2px; }
  .page .quoted { background: color-mix(in srgb, var(--mark) 55%, transparent); box-shadow: -0.6rem 0 0 var(--raised), -0.75rem 0 0 var(--accent);
    border-radius: 2px; }
  blockquote.quoted { margin: 1rem 1.25rem; white-space: pre-wrap; }
  .more { margin: 0.5rem 1.25rem; font-size: 0.875rem; }
`;
