import { FootnoteAsk } from './elements/footnote-ask.js';
import { define } from './elements/part.js';

FootnoteAsk.defaultServer = new URL(/* @vite-ignore */ ".", import.meta.url).href;
define('footnote-ask', FootnoteAsk);
