import { mistakes } from '../../domain/roster/mistakes.ts';

const MOST = 3;

/** Those of the ids that somebody may have meant who typed another one, the nearest first. */
export function nearIds(typed: string, ids: readonly string[]): string[] {
  // People paste the workflow's id, and write as they speak.
  const meant = typed
    .trim()
    .toLowerCase()
    .replace(/^workshop\//, '')
    .replace(/[\s_.]+/g, '-');
  const bound = Math.max(2, Math.floor(meant.length / 3));
  return ids
    .map((id) => ({ id, far: isPartOf(meant, id) ? 0 : mistakes(meant, id) }))
    .filter(({ far }) => far <= bound)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map(({ id }) => id);
}

const isPartOf = (meant: string, id: string): boolean => meant.length >= 3 && id.includes(meant);
