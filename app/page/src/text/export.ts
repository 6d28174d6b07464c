import type { Citation } from '../api/types.js';
import { markdownOf, type Turn } from '../state/turn.js';
import { pageOf } from '../state/place.js';

/** The answer as markdown, with its sources below it. */
export function answerAsMarkdown(turn: Turn): string {
  const sources = turn.citations.map((citation) => `[${citation.number}] ${placeOf(citation)}`);
  return [markdownOf(turn).trim(), ...(sources.length ? [sources.join('\n')] : [])].join('\n\n') + '\n';
}

/** A conversation as one markdown document. */
export function conversationAsMarkdown(turns: readonly Turn[]): string {
  return turns.map((turn) => `## ${turn.question}\n\n${answerAsMarkdown(turn)}`).join('\n');
}

/** `guides/install.md, lines 25-31 (generation 3, sha256 1f3a…)`: enough to check it by hand. */
function placeOf(citation: Citation): string {
  const { generation, sha256, url } = citation;
  const where = `${pageOf(citation)}, ${linesOf(citation)}, generation ${generation}, sha256 ${sha256}`;
  return [where, sourceOf(citation), url].filter(Boolean).join(', ');
}

/** `manuals/pump.pdf, page 12`: where it stands in the document that its page was imported from; '' where it was not. */
export function sourceOf(citation: Citation): string {
  return [citation.source, citation.source_place].filter(Boolean).join(', ');
}

export function linesOf(place: { start_line: number; end_line: number }): string {
  const { start_line, end_line } = place;
  return start_line === end_line ? `line ${start_line}` : `lines ${start_line}-${end_line}`;
}
