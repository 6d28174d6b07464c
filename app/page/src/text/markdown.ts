import { html, nothing, type TemplateResult } from 'lit';
import { Lexer, Tokenizer, type Token, type Tokens } from 'marked';
import { coloured } from './code.js';
import { decoded } from './entities.js';
import { SOFT_BEGINS, SOFT_ENDS } from './soft.js';

type Shown = TemplateResult | string | typeof nothing | Shown[];

/** What stands in the text where a marker does. */
export interface Marks {
  citation(number: number): Shown;
  verdict(verdict: 'unverified' | 'unsupported'): Shown;
}

const NO_MARKS: Marks = { citation: (number) => `[${number}]`, verdict: () => nothing };
const MARKER = /\[(\d{1,4})\]|(\[\?\])|(\[unsupported\])|(\ue000)|(\ue001)/g;
const MOST_CHARS = 100_000;
const UNBROKEN = 24; // so short a code span stays on one line: `--no-sync` has no break behind its dashes
const SLOW = /!{200}/; // marked takes time by the square of such a run

/** A tokenizer that defines no links: what looks like a definition is text. */
class Plain extends Tokenizer {
  override def(): undefined {
    return undefined;
  }
}

/**
 * Markdown as templates. No text is ever parsed as HTML: what is no markdown is shown letter by letter, images as what
 * they stand for, and links to nothing but the web and mail.
 */
export function rendered(markdown: string, marks: Marks = NO_MARKS): Shown {
  if (markdown.length > MOST_CHARS || SLOW.test(markdown)) return html`<pre>${markdown}</pre>`;
  try {
    const lexer = new Lexer({ gfm: true, tokenizer: new Plain() });
    return new Renderer(marks).blocks(lexer.lex(markdown));
  } catch (error) {
    if (error instanceof RangeError) return html`<pre>${markdown}</pre>`; // nested deeper than the stack is
    throw error;
  }
}

/** A page as blocks, with those marked that hold characters from `start` to `end`; line ends are LF. */
export function renderedPage(markdown: string, start: number, end: number): Shown {
  if (markdown.length > MOST_CHARS || SLOW.test(markdown)) return html`<pre>${markdown}</pre>`;
  const frontMatter = /^---\n(?:(?!---\n).*\n)*---\n/.exec(markdown)?.[0].length ?? 0;
  try {
    let at = frontMatter;
    return new Lexer({ gfm: true, tokenizer: new Plain() }).lex(markdown.slice(frontMatter)).map((token) => {
      const from = at;
      at += token.raw.length;
      const isQuoted = from < end && at > start && token.type !== 'space';
      const shown = new Renderer(NO_MARKS).blocks([token]);
      return isQuoted ? html`<div class="quoted">${shown}</div>` : shown;
    });
  } catch (error) {
    if (error instanceof RangeError) return html`<pre>${markdown}</pre>`;
    throw error;
  }
}

/** The address as it may be followed; null where it leads to no place on the web. */
export function webAddress(href: string): string | null {
  const address = decoded(href).replace(/[\u0000-\u0020\u007f-\u00a0]/g, '');
  return /^(?:https?:\/\/|mailto:)/i.test(address) ? address : null;
}

class Renderer {
  private soft = false;

  constructor(private readonly marks: Marks) {}

  blocks(tokens: Token[]): Shown {
    return tokens.map((token) => this.block(token as Tokens.Generic));
  }

  private block(token: Tokens.Generic): Shown {
    switch (token.type) {
      case 'space':
      case 'def':
        return nothing;
      case 'heading':
        return html`<h3 class="depth-${token['depth']}" dir="auto">${this.inlines(token)}</h3>`;
      case 'paragraph':
        return html`<p dir="auto">${this.inlines(token)}</p>`;
      case 'text':
        return this.inlines(token);
      case 'checkbox':
        return this.inline(token);
      case 'code':
        return code(token as Tokens.Code);
      case 'blockquote':
        return html`<blockquote dir="auto">${this.blocks(token.tokens ?? [])}</blockquote>`;
      case 'list':
        return this.list(token as Tokens.List);
      case 'table':
        return this.table(token as Tokens.Table);
      case 'hr':
        return html`<hr />`;
      default:
        return html`<p dir="auto">${this.text(token.raw)}</p>`;
    }
  }

  private list(list: Tokens.List): Shown {
    const items = list.items.map((item) => html`<li dir="auto">${this.blocks(item.tokens)}</li>`);
    return list.ordered ? html`<ol start=${list.start || 1}>${items}</ol>` : html`<ul>${items}</ul>`;
  }

  private table(table: Tokens.Table): Shown {
    const cells = (row: Tokens.TableCell[]) => row.map((cell) => html`<td class=${cell.align ?? nothing} dir="auto">${this.inlines(cell)}</td>`);
    const header = table.header.map((cell) => html`<th class=${cell.align ?? nothing} scope="col" dir="auto">${this.inlines(cell)}</th>`);
    const rows = table.rows.map((row) => html`<tr>${cells(row)}</tr>`);
    return html`<div class="wide" tabindex="0" role="group" aria-label="Table">
      <table><thead><tr>${header}</tr></thead><tbody>${rows}</tbody></table>
    </div>`;
  }

  private inlines(token: { tokens?: Token[]; text?: string }): Shown {
    return token.tokens?.length
      ? token.tokens.map((one) => this.inline(one as Tokens.Generic))
      : this.text(token.text ?? '');
  }

  private code(text: string): TemplateResult {
    return html`<code class=${text.length <= UNBROKEN ? 'unbroken' : nothing} dir="ltr">${text}</code>`;
  }

  private inline(token: Tokens.Generic): Shown {
    switch (token.type) {
      case 'text':
        return token.tokens?.length ? this.inlines(token) : this.text(decoded(token['text']));
      case 'escape':
        return this.set(decoded(token['text']));
      case 'strong':
        return html`<strong>${this.inlines(token)}</strong>`;
      case 'em':
        return html`<em>${this.inlines(token)}</em>`;
      case 'del':
        return html`<del>${this.inlines(token)}</del>`;
      case 'codespan':
        return this.set(this.code(token['text']));
      case 'br':
        return html`<br />`;
      case 'checkbox':
        return token['checked'] ? '☑ ' : '☐ ';
      case 'image':
        return this.set(html`<em>${decoded(token['text'] ?? '')}</em>`);
      case 'link': {
        const address = webAddress(token['href'] ?? '');
        const label = this.inlines(token);
        if (!address) return label;
        return html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
      }
      default:
        return this.text(token.raw);
    }
  }

  /** Text with its markers as what stands for them. */
  private text(text: string): Shown {
    const shown: Shown[] = [];
    let end = 0;
    for (const match of text.matchAll(MARKER)) {
      if (match.index > end) shown.push(this.set(text.slice(end, match.index)));
      end = match.index + match[0].length;
      if (match[1]) shown.push(this.marks.citation(Number(match[1])));
      else if (match[2]) shown.push(this.marks.verdict('unverified'));
      else if (match[3]) shown.push(this.marks.verdict('unsupported'));
      else this.soft = match[0] === SOFT_BEGINS;
    }
    if (end < text.length) shown.push(this.set(text.slice(end)));
    return shown;
  }

  private set(text: TemplateResult | string): Shown {
    return this.soft ? html`<span class="soft">${text}</span>` : text;
  }
}

function code(token: Tokens.Code): Shown {
  const language = (token.lang ?? '').trim().split(/[\s,{]/)[0]?.toLowerCase() ?? '';
  const text = token.text.replaceAll(SOFT_BEGINS, '').replaceAll(SOFT_ENDS, '');
  const parts = coloured(text, language).map((one) =>
    one.kind === 'plain' ? one.text : html`<span class="code-${one.kind}">${one.text}</span>`,
  );
  return html`<pre dir="ltr" tabindex="0" role="group" aria-label="Code"><code>${parts}</code></pre>`;
}
