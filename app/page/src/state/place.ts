import type { Citation, Hit, Section } from '../api/types.js';

/** Some lines of a page to read; with `quote`, bytes that can be checked. */
export interface Place {
  readonly path: string;
  readonly title: string;
  readonly heading_path: readonly string[];
  readonly generation: number;
  readonly start_line: number;
  readonly end_line: number;
  readonly url: string | null;
  readonly citation: Citation | null;
  readonly collection?: string | null;
}

export function placeOfCitation(citation: Citation): Place {
  return { ...citation, citation };
}

/** Of a section that a refusal names, or of a passage that was found. */
export function placeOf(found: Section | Hit['chunk'], of: Found): Place {
  const collection = of.collection ?? ('collection' in found ? found.collection : null);
  const asked = of.collections?.find((one) => one.name === collection);
  const generation = asked?.generation ?? of.generation;
  return { ...found, collection, generation, url: 'url' in found ? found.url : null, citation: null };
}

/** What a section or passage was found in: the answer or the search, and of a passage its collection. */
interface Found {
  readonly generation: number;
  readonly collections?: readonly { name: string; generation: number }[];
  readonly collection?: string | null;
}

/** What a page is called: with its collection, where there are several. */
export function pageOf({ path, collection }: { path: string; collection?: string | null }): string {
  return collection ? `${collection}: ${path}` : path;
}

/** `Backups › Schedule`: the headings, the page's title first where it is not one of them. */
export function titleOf(place: { title: string; heading_path: readonly string[] }): string {
  const { title, heading_path } = place;
  return (heading_path[0] === title || !title ? heading_path : [title, ...heading_path]).join(' › ') || title;
}
