import type { PartProgress } from '../../domain/replayed/checklist/progress.ts';
import { headingName } from '../terminal/checklist-lines.ts';
import type { Style } from '../terminal/style.ts';
import { wrapped } from './wrapped.ts';

/** Beyond that, those that need nobody are counted. */
const SHOWN = 8;

/** Each workshop of an event in a line; of many, those first with which something is wrong. */
export function partLines(
  parts: readonly PartProgress[],
  { style, columns }: { readonly style: Style; readonly columns?: number | undefined },
): string[] {
  const shown = parts.length <= SHOWN ? parts : parts.toSorted((a, b) => Number(isWell(a)) - Number(isWell(b)));
  const more = shown.length - SHOWN;
  const width = Math.max(0, ...parts.map(({ name }) => name.length));
  return [
    ...shown.slice(0, SHOWN).map((part) => {
      const words = wrapped(wordsOf(part), Math.max(10, (columns ?? 1_000_000) - width - 2))[0] ?? '';
      const line = `${part.name.padEnd(width)}  ${words}`;
      return isWell(part) ? line : style.yellow(line);
    }),
    ...(more > 0 ? [style.dim(`… and ${more} more workspaces`)] : []),
  ];
}

const isWell = ({ silence, failed = 0, unanswered = 0 }: PartProgress): boolean =>
  silence === undefined && failed + unanswered === 0;

function wordsOf({ id, silence, heading, status, people, ready, failed = 0, unanswered = 0, isPaused }: PartProgress) {
  if (silence !== undefined) return `${id}: ${silence}`;
  return [
    `${id}: ${ready} of ${people} ready`,
    status === 'finished'
      ? 'over'
      : status === 'cancelling'
        ? 'being removed'
        : heading && `at "${headingName(heading)}"`,
    isPaused ? 'paused' : undefined,
    failed > 0 ? `${failed} ${failed === 1 ? 'line' : 'lines'} failed` : undefined,
    unanswered > 0 ? `${unanswered} unanswered` : undefined,
  ]
    .filter((words) => words !== undefined)
    .join(', ');
}
