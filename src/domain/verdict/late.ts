import type { Item } from '../replayed/checklist/item.ts';
import { HEADINGS } from '../replayed/checklist/lines.ts';

/**
 * True for what was to be done before the start, and was done after it. An answer of a person is never late in this
 * sense: it has a deadline of its own.
 * @param start epoch milliseconds
 */
export const isLate = ({ state, heading, kind, at }: Item, start: number): boolean =>
  state === 'passed' &&
  (kind === 'action' || kind === 'check') &&
  HEADINGS.indexOf(heading) < HEADINGS.indexOf('during') &&
  at !== undefined &&
  at > start;
