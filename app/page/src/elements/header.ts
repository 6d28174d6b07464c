import { html, nothing } from 'lit';
import { icons } from './icons.js';

/** Views of the page by their address; the widget has the first alone. */
const VIEWS = [
  { hash: '#/', name: 'Ask', title: 'Footnote' },
  { hash: '#/docs', name: 'Docs', title: 'Docs - Footnote' },
  { hash: '#/gaps', name: 'Gaps', title: 'Gaps - Footnote' },
  { hash: '#/evaluation', name: 'Evaluation', title: 'Evaluation - Footnote' },
] as const;

/** The view at an address; the first where there is none. */
export function viewAt(hash: string): (typeof VIEWS)[number] {
  return VIEWS.find((view) => view.hash === hash) ?? VIEWS[0];
}

/** Where a key can be given. */
export function keyButton(give: () => void) {
  return html`<button class="button" @click=${give}>Use a key</button>`;
}

function topButton(name: string, icon: unknown, press: () => void) {
  return html`<button class="button row" aria-label=${name} title=${name} @click=${press}>${icon}<span>${name}</span></button>`;
}

/** `signIn` where a key can show more, `signOut` where one is kept. */
export function pageHeader(view: string, help: () => void, signIn: (() => void) | null, signOut: (() => void) | null) {
  return html`<header class="top">
    <a class="brand" href="#/">Footnote<sup aria-hidden="true">1</sup></a>
    <nav aria-label="Views">${VIEWS.map(
      ({ hash, name }) => html`<a href=${hash} aria-current=${hash === view ? 'page' : nothing}>${name}</a>`,
    )}</nav>
    ${signIn ? topButton('Use a key', icons.key, signIn) : nothing}
    ${signOut ? topButton('Sign out', icons.leave, signOut) : nothing}
    <button class="icon page-help" aria-label="Keyboard" title="Keyboard (?)" @click=${help}>?</button>
  </header>`;
}

export function panelHeader(name: string, close: () => void) {
  return html`<header class="top">
    <strong class="brand">${name}</strong>
    <button class="icon" aria-label="Close" title="Close (Esc)" @click=${close}>${icons.close}</button>
  </header>`;
}
