import './styles/page.css';
import { FootnoteAsk } from './elements/footnote-ask.js';
import './elements/footnote-docs.js';
import './elements/footnote-evaluation.js';
import './elements/footnote-gaps.js';
import './elements/footnote-why.js';
import { define } from './elements/part.js';

define('footnote-ask', FootnoteAsk);
