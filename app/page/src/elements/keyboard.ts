import type { FootnoteAsk } from './footnote-ask.js';

/** What hears keys: of the whole page; of the widget only those where the focus is in it. */
export function keyboard(host: FootnoteAsk, actions: Readonly<Record<string, () => void>>) {
  return (event: KeyboardEvent): void => {
    const path = event.composedPath();
    if (event.ctrlKey || event.metaKey || event.altKey || (host.mode !== 'page' && !path.includes(host))) return;
    const target = path[0] as HTMLElement;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    const isDialog = host.renderRoot.querySelector('dialog[open]') !== null;
    const action = isDialog || (isTyping && event.key !== 'Escape') ? undefined : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
}
