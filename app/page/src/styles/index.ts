import { base } from './base.js';
import { conversation } from './conversation.js';
import { layout } from './layout.js';
import { prose } from './prose.js';
import { reader } from './reader.js';
import { views } from './views.js';

export const styles = [base, layout, prose, conversation, reader, views];
