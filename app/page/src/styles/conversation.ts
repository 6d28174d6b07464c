import { css } from 'lit';

/** Questions, answers, their sources, and where the next question is written. */
export const conversation = css`
  .conversation { display: flex; flex-direction: column; flex: 1; padding-block: 0.5rem 0; }
  /* From the top, so that nothing moves when what is suggested arrives below. */
  .conversation.empty { padding-block: clamp(2rem, 20vh, 14rem) 2rem; gap: 1.25rem; }
  .welcome { display: grid; gap: 0.5rem; text-align: center; justify-items: center; }
  .welcome h1 { font: 600 2rem/1.2 Georgia, 'Times New Roman', serif; text-wrap: balance; }
  .welcome p { color: var(--soft-ink); max-width: 30rem; text-wrap: balance; }
  .toolbar { display: flex; justify-content: flex-end; gap: 0.25rem; }
  .turns { flex: 1; display: grid; gap: 2.5rem; align-content: start; padding-block: 0.5rem 2rem; }
  .empty .turns { flex: 0; padding: 0; }
  footnote-turn { display: block; scroll-margin-top: 4.5rem; min-width: 0; }
  /* So that a new question can come to the top. */
  :host(:not([mode='inline'])) footnote-turn:last-child:not(:first-child) { min-height: calc(100dvh - 13rem); }
  /* What gets the focus comes out from below the header and the composer. */
  .turn :is(a, button, input, textarea, summary, [tabindex]) { scroll-margin-block: 4.5rem 8rem; }
  .turn { display: grid; gap: 0.9rem; min-width: 0; }
  .turn > *, footnote-sources > *, footnote-actions > * { min-width: 0; }
  .question { font: 600 1.3125rem/1.35 var(--font); text-wrap: pretty; overflow-wrap: anywhere; white-space: pre-wrap; }
  .asked-as { margin-top: -0.6rem; }
  .refusal { font-weight: 600; }
  .waiting { display: flex; align-items: center; gap: 0.6rem; color: var(--soft-ink); font-size: 0.9375rem; }
  .waiting span { width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--accent); animation: pulse 1.2s infinite; }
  @keyframes pulse { 50% { opacity: 0.25; } }
  .dropped summary, .earlier summary { font-size: 0.875rem; color: var(--soft-ink); cursor: pointer; }
  .dropped ul { list-style: none; display: grid; gap: 0.4rem; padding-top: 0.5rem; font-size: 0.9375rem; color: var(--soft-ink); }
  .turn .label { margin-bottom: -0.5rem; }
  .sources, .nearest { list-style: none; display: grid; border-top: 1px solid var(--line); }
  .sources li, .nearest li { border-bottom: 1px solid var(--line); min-width: 0; }
  .source {
    display: grid; grid-template-columns: auto minmax(0, 1fr) auto; column-gap: 0.75rem; align-items: baseline;
    width: 100%; padding: 0.5rem; border-radius: 6px;
  }
  .nearest .source { grid-template-columns: minmax(0, 1fr); }
  .source:hover, .source[aria-current] { background: var(--sunk); }
  .number { color: var(--accent); font: 600 0.8125rem var(--font); min-width: 1rem; }
  .source .where { font-weight: 500; overflow-wrap: anywhere; }
  .path { font: 0.8125rem var(--mono); color: var(--soft-ink); overflow-wrap: anywhere; }
  .source .path, .source .quote, .source .where { grid-column: 2; }
  .nearest .path, .nearest .where { grid-column: 1 !important; }
  .source .badge { grid-column: 3; grid-row: 1; }
  @container shell (max-width: 30rem) {
    .source .badge { grid-column: 2; grid-row: auto; }
    .source .where { font-size: 0.9375rem; }
  }
  .source .quote {
    font-size: 0.875rem; color: var(--soft-ink); display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical;
    overflow: hidden; margin-top: 0.2rem; overflow-wrap: anywhere;
  }
  .also { padding: 0 0.5rem 0.5rem 2.25rem; overflow-wrap: anywhere; }
  .actions { display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem; margin-inline-start: -0.6rem; }
  footnote-feedback, footnote-sources, footnote-actions { display: contents; }
  .comment { scroll-margin-block-end: 7rem; display: grid; grid-template-columns: auto auto 1fr; gap: 0.5rem; width: 100%; padding: 0.5rem 0.6rem; }
  .comment label { grid-column: 1 / -1; display: grid; gap: 0.25rem; font-size: 0.875rem; color: var(--soft-ink); }
  .comment textarea { padding: 0.5rem 0.7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }

  footnote-composer { display: block; }
  .conversation:not(.empty) footnote-composer {
    position: sticky; bottom: 0; padding-block: 0.5rem max(1rem, env(safe-area-inset-bottom)); z-index: 2;
    background: linear-gradient(transparent, var(--paper) 1rem);
  }
  .composer { display: grid; gap: 0.5rem; }
  .composer > *, .filters > * { min-width: 0; }
  .field {
    display: flex; align-items: flex-end; gap: 0.25rem; padding: 0.35rem; border: 1px solid var(--line);
    border-radius: 1.4rem; background: var(--raised); box-shadow: 0 1px 6px rgb(0 0 0 / 0.05);
  }
  .field:focus-within { border-color: var(--accent); }
  .field textarea {
    flex: 1; min-width: 0; border: 0; background: none; resize: none; outline: none; padding: 0.4rem 0.75rem;
    field-sizing: content; max-height: 12rem; line-height: 1.45;
  }
  .field textarea::placeholder { color: var(--soft-ink); opacity: 1; }
  .narrowed { padding-inline-start: 1.1rem; overflow-wrap: anywhere; }
  .filters {
    display: grid; gap: 0.6rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: var(--radius);
    background: var(--raised); font-size: 0.875rem;
  }
  .filters label, .choice { display: flex; gap: 0.75rem; align-items: center; }
  .filters select, .choice select {
    flex: 1; min-width: 0; max-width: 100%; padding: 0.3rem 0.5rem; border: 1px solid var(--line); border-radius: 6px;
    background: var(--paper);
  }
  .filters fieldset { display: flex; flex-wrap: wrap; gap: 0.35rem; max-height: 8rem; overflow: auto; }
  .filters legend { float: inline-start; margin-inline-end: 0.75rem; line-height: 1.75rem; padding: 0; }
  .tag { border: 1px solid var(--line); border-radius: 999px; padding: 0.1rem 0.7rem; font-size: 0.8125rem; min-height: 1.75rem; }
  .tag[aria-pressed='true'] { background: var(--accent); color: var(--on-accent); border-color: transparent; }
  .suggestions { display: flex; flex-wrap: wrap; gap: 0.5rem; justify-content: center; }
  .suggestion { border: 1px solid var(--line); border-radius: 999px; padding: 0.35rem 0.9rem; font-size: 0.9375rem; background: var(--raised); }
  .suggestion:hover { border-color: var(--accent); }
  .earlier { justify-self: center; text-align: center; }
  .earlier ul { list-style: none; display: grid; gap: 0.3rem; padding-block: 0.6rem; }
`;
