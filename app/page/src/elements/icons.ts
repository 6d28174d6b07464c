import { svg, type SVGTemplateResult } from 'lit';

function icon(path: string, transform = ''): SVGTemplateResult {
  return svg`<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor"
    stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d=${path} transform=${transform} /></svg>`;
}

const THUMB_DOWN =
  'M7 13V4M7 13l4 7c1.5 0 2.5-1 2.2-2.6l-.5-3.4H18a2 2 0 002-2.3l-1-6A2 2 0 0017 4H7M3.5 4H7v9H3.5z';

export const icons = {
  ask: icon('M12 19V5M6 11l6-6 6 6'),
  stop: icon('M7 7h10v10H7z'),
  close: icon('M6 6l12 12M18 6L6 18'),
  next: icon('M9 6l6 6-6 6'),
  previous: icon('M15 6l-6 6 6 6'),
  up: icon(THUMB_DOWN, 'matrix(1 0 0 -1 0 24)'),
  down: icon(THUMB_DOWN),
  filter: icon('M4 6h16M7 12h10M10 18h4'),
  key: icon('M4 16a4 4 0 108 0 4 4 0 10-8 0M11 13l9-9M16 8l3 3'),
  leave: icon('M10 4H5v16h5M10 12h10M16 8l4 4-4 4'),
  book: icon('M12 7c-2-1.5-4.5-2-8-2v13c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V5c-3.500 0-6 .5-8 2zM12 7v13'),
};
