import { html, nothing, type TemplateResult } from 'lit';
import { problemFrom } from '../api/service.js';
import type { Collection } from '../api/types.js';
import { chooser } from './chooser.js';
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
  declare trouble: string;

  constructor() {
    super();
    this.collections = [];
    this.loaded = null;
    this.trouble = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.tryTo(async () => {
      const { service } = this.app.session;
      const collections = await service.collections();
      if (collections.length > 1) service.about.collection ??= collections[0]?.name;
      this.collections = collections;
      this.loaded = await this.load();
    });
  }

  override render() {
    return html`<div class="view">
      <h1>${this.heading}</h1>
      ${chooser(this.collections, this.app.session.service.about.collection, this.choose)}
      ${this.trouble ? html`<div class="note" role="status"><p>${this.trouble}</p></div>` : nothing}
      ${this.loaded ? this.content(this.loaded) : this.trouble ? nothing : html`<p class="waiting"><span></span>Loading</p>`}
    </div>`;
  }

  protected abstract readonly heading: string;
  protected abstract load(): Promise<T>;
  protected abstract content(loaded: T): TemplateResult;

  private readonly choose = (collection: string): void => {
    this.app.session.service.about.collection = collection;
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

  /** Do something that may fail; what goes wrong is shown. */
  protected async tryTo(what: () => Promise<void>): Promise<void> {
    try {
      this.trouble = '';
      await what();
    } catch (error) {
      this.trouble = problemFrom(error).detail;
    }
  }
}

export function when(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
