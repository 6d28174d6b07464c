import { LitElement } from 'lit';
import type { App } from '../state/app.js';

/** A part of the page: it shows what the app's state is, in the shadow root of the element that it is part of. */
export abstract class Part extends LitElement {
  static override properties = { app: { attribute: false } };
  declare app: App;

  override connectedCallback(): void {
    super.connectedCallback();
    this.app.addEventListener('change', this.changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.app.removeEventListener('change', this.changed);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private readonly changed = (): void => this.requestUpdate();
}

/** Register an element once, however many scripts bring it along. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
