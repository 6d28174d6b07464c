import { html, nothing, type TemplateResult } from 'lit';
import type { KeyKind } from '../api/keys.js';
import { isAbort, isKeyWanted, isPassing, problemFrom } from '../api/problems.js';
import type { Collection, Problem } from '../api/types.js';
import { chooser } from './chooser.js';
import { keyButton } from './header.js';
import { Part } from './part.js';

/** A view that loads something, and says so where that fails. */
export abstract class View<T> extends Part {
  static override properties = {
    ...Part.properties,
    collections: { state: true },
    loaded: { state: true },
    trouble: { state: true },
  };
  /** To choose from. */
  declare collections: readonly Collection[];
  declare loaded: T | null;
  declare trouble: Problem | null;
  /** Who may see it. */
  protected readonly kind: KeyKind = 'reader';
  /** What was tried last. */
  private tried = (): Promise<void> => Promise.resolve();
  private busy = 0;
  private signIns = -1;

  constructor() {
    super();
    this.collections = [];
    this.loaded = this.trouble = null;
  }

  /** Look what there is, at first and after each key. */
  override updated(): void {
    const { signIns } = this.app.session.state;
    if (this.busy || this.signIns === signIns) return;
    this.signIns = signIns;
    void this.tryTo(this.look);
  }

  private readonly look = async (): Promise<void> => {
    const { session } = this.app;
    await session.opening;
    const collections = await session.service.collections(this.kind);
    const { about, chosen } = session.service;
    // Where a key may show more of them, the first is the one that is seen now.
    const isNamed = collections.length > 1 || session.state.overview?.can_sign_in;
    const first = isNamed ? collections[0]?.name : undefined;
    const name = [chosen, about.collection].find((one) => collections.some((seen) => seen.name === one)) ?? first;
    if (name !== about.collection) session.service.about = name ? { collection: name } : {};
    this.collections = collections;
    this.loaded = await this.load();
  };

  override render() {
    const { session } = this.app;
    return html`<div class="view">
      <h1>${this.heading}</h1>
      ${chooser(this.collections, session.service.about.collection, this.choose)}
      ${this.trouble
        ? html`<div class="note" role="status"><p>${this.trouble.detail}</p>
            ${isKeyWanted(this.trouble) ? keyButton(this.giveKey) : isPassing(this.trouble) ? this.again() : nothing}</div>`
        : nothing}
      ${this.loaded ? this.content(this.loaded) : this.trouble || session.state.keyWanted ? nothing : html`<p class="waiting"><span></span>Loading</p>`}
    </div>`;
  }

  private again() {
    return html`<button class="button" @click=${() => this.tryTo(this.tried)}>Try again</button>`;
  }

  /** What needs an admin's key asks for it when it is tried again. */
  private readonly giveKey = (): void => {
    if (this.kind === 'reader' && this.tried === this.look) void this.app.session.signIn();
    else void this.tryTo(this.tried);
  };

  protected abstract readonly heading: string;
  protected abstract load(): Promise<T>;
  protected abstract content(loaded: T): TemplateResult;

  private readonly choose = (collection: string): void => {
    const { service } = this.app.session;
    service.chosen = collection;
    service.about = { collection };
    this.begin();
    void this.reload();
  };

  /** Forget what is shown, as it is about something else from now on. */
  protected begin(): void {
    this.loaded = null;
  }

  protected async reload(): Promise<void> {
    await this.tryTo(async () => {
      this.loaded = await this.load();
    });
  }

  /** Do something that may fail; what goes wrong is shown, unless another collection was chosen meanwhile. */
  protected async tryTo(what: () => Promise<void>): Promise<void> {
    this.tried = what;
    this.busy++;
    try {
      this.trouble = null;
      await what();
    } catch (error) {
      if (!isAbort(error)) this.trouble = problemFrom(error);
    }
    this.busy--;
    this.requestUpdate();
  }
}

export function when(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
