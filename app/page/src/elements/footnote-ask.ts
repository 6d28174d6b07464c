import { html, LitElement, nothing } from 'lit';
import { problemFrom } from '../api/problems.js';
import { App } from '../state/app.js';
import { styles } from '../styles/index.js';
import './footnote-composer.js';
import './footnote-conversation.js';
import './footnote-dialogs.js';
import type { FootnoteDialogs } from './footnote-dialogs.js';
import './footnote-reader.js';
import './footnote-turn.js';
import { pageHeader, panelHeader, viewAt } from './header.js';
import { icons } from './icons.js';
import { keyboard } from './keyboard.js';

/**
 * `<footnote-ask server="https://host/" mode="page|inline|sidepanel">`: asks a Footnote service, and shows the sources.
 *
 * `collection`, `path` and `tags` (comma-separated) narrow what is asked at first, `label` names the button of the side panel, `key` is one of
 * `footnote keys create --origin`, where the service asks for keys: whoever may use the page can read it.
 */
export class FootnoteAsk extends LitElement {
  static override styles = styles;
  static override properties = {
    server: {},
    mode: { reflect: true },
    collection: {},
    path: {},
    tags: {},
    label: {},
    key: {},
    opened: { state: true },
    view: { state: true },
    trouble: { state: true },
  };
  /** Where the service is, if the element does not say: beside the script that defines it. */
  static defaultServer = new URL('.', document.baseURI).href;
  declare server: string | null;
  declare mode: 'page' | 'inline' | 'sidepanel';
  declare collection: string | null;
  declare path: string | null;
  declare tags: string | null;
  declare label: string | null;
  declare key: string | null;
  declare opened: boolean;
  declare view: string;
  /** Why nobody was signed out. */
  declare trouble: string;
  private app!: App;

  constructor() {
    super();
    this.mode = 'inline';
    this.server = this.collection = this.path = this.tags = this.label = this.key = null;
    this.opened = false;
    this.view = '#/';
    this.trouble = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const base = new URL(this.server ?? FootnoteAsk.defaultServer, document.baseURI);
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    const tags = (this.tags ?? '').split(',').map((tag) => tag.trim());
    const filters = { collection: this.collection ?? '', path: this.path ?? '', tags: tags.filter(Boolean) };
    this.app = new App(base, filters, this.mode === 'page');
    if (this.key) this.app.session.service.keys.set('reader', this.key);
    this.app.addEventListener('change', this.changed);
    document.addEventListener('keydown', this.keyboard);
    addEventListener('hashchange', this.routed);
    this.routed();
    if (this.mode !== 'sidepanel') void this.app.session.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.app.session.close();
    this.app.removeEventListener('change', this.changed);
    document.removeEventListener('keydown', this.keyboard);
    removeEventListener('hashchange', this.routed);
  }

  override render() {
    if (this.mode !== 'sidepanel') return this.shell();
    if (this.opened) return html`<div class="panel" role="dialog" aria-label=${this.name}>${this.shell()}</div>`;
    return html`<button class="launch" @click=${this.open}>${icons.book}<span>${this.name}</span></button>`;
  }

  private get name(): string {
    return this.label ?? 'Ask the docs';
  }

  private shell() {
    const { app } = this;
    const { service, state } = app.session;
    return html`<div class="shell ${app.place ? 'reading' : ''}">
      ${this.mode === 'page'
        ? pageHeader(this.view, this.help, state.overview?.can_sign_in ? this.signIn : null, service.isSignedIn ? this.signOut : null)
        : this.mode === 'sidepanel'
          ? panelHeader(this.name, this.close)
          : nothing}
      <div class="columns">
        ${this.mode === 'page' ? html`<main>${this.content()}</main>` : html`<div class="main">${this.content()}</div>`}
        <footnote-reader .app=${app}></footnote-reader>
      </div>
      <footnote-dialogs .app=${app}></footnote-dialogs>
      <div class="unseen" role="status" aria-live="polite">${state.told}</div>
    </div>`;
  }

  private content() {
    return html`${this.trouble && this.app.session.service.isSignedIn ? html`<p class="note bad" role="alert">Not signed out. ${this.trouble}</p>` : nothing}${this.viewed()}`;
  }

  private viewed() {
    const { app } = this;
    switch (this.view) {
      case '#/docs':
        return html`<footnote-docs .app=${app}></footnote-docs>`;
      case '#/gaps':
        return html`<footnote-gaps .app=${app}></footnote-gaps>`;
      case '#/evaluation':
        return html`<footnote-evaluation .app=${app}></footnote-evaluation>`;
      default:
        return html`<footnote-conversation .app=${app}></footnote-conversation>`;
    }
  }

  private readonly open = (): void => {
    this.opened = true;
    void this.app.session.open();
    // By then the elements within have been drawn as well.
    requestAnimationFrame(() => this.focusQuestion());
  };

  private readonly close = (): void => {
    this.opened = false;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.launch')?.focus());
  };

  private readonly help = (): void => {
    const dialogs = this.renderRoot.querySelector<FootnoteDialogs>('footnote-dialogs');
    if (dialogs) dialogs.help = true;
  };

  private readonly signIn = async (): Promise<void> => {
    await this.app.session.signIn();
    await this.updateComplete;
    // The button that had the focus may be gone.
    if (document.activeElement === document.body) this.focusQuestion();
  };

  /** All that was loaded with the key goes with it. */
  private readonly signOut = async (): Promise<void> => {
    try {
      await this.app.session.service.signOut();
      location.reload();
    } catch (error) {
      this.trouble = problemFrom(error).detail;
    }
  };

  private focusQuestion(): void {
    this.renderRoot.querySelector<HTMLElement>('footnote-composer')?.focus();
  }

  private readonly routed = (): void => {
    if (this.mode !== 'page') return;
    const { hash, title } = viewAt(location.hash);
    this.view = hash;
    this.trouble = '';
    document.title = title;
    if (this.app.place) this.app.closeReader();
  };

  private readonly keyboard = keyboard(this, {
    '/': () => {
      if (this.view !== '#/') location.hash = '#/';
      void this.updateComplete.then(() => this.focusQuestion());
    },
    '?': () => this.help(),
    n: () => this.app.step(1),
    p: () => this.app.step(-1),
    Escape: () => {
      if (this.app.place) this.app.closeReader();
      else if (this.app.session.isAsking) this.app.session.stop();
      else if (this.opened) this.close();
      else (this.renderRoot as ShadowRoot).querySelector<HTMLElement>(':focus')?.blur();
    },
  });

  private readonly changed = (): void => this.requestUpdate();
}
