import { html, nothing } from 'lit';
import type { Collection } from '../api/types.js';

/** Where a collection is chosen; nothing where there is no choice. `all` names that of all of them, if it can be chosen. */
export function chooser(
  collections: readonly Collection[],
  chosen: string | undefined,
  choose: (name: string) => void,
  all?: string,
) {
  if (collections.length < 2) return nothing;
  return html`<label class="choice">Collection
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${all ? html`<option value="" ?selected=${!chosen}>${all}</option>` : nothing}
      ${collections.map(
        (one) => html`<option value=${one.name} ?selected=${one.name === chosen}>${titleOf(one)} (${one.documents})</option>`,
      )}
    </select>
  </label>`;
}

/** What readers call it. */
export function titleOf({ title, name }: Collection): string {
  return title || name;
}
