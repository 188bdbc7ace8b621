import type { Diagnosis } from './diagnosis.ts';
import type { Remedy } from './failure-classes.ts';
import type { CheckReport } from '../seat/job-report.ts';

/** What the init script puts there, it puts there again when the cluster starts anew. */
const REINSTALLED: readonly string[] = ['init', 'claude', 'version', 'config', 'clock'];
/** What mends itself, or does not, while nobody does anything. */
const PASSING = /HTTP 429|HTTP 5\d\d|no answer|does not answer/;

/**
 * What a failed `check-claude` on somebody's cluster means and what follows; undefined when nothing failed. The first
 * failure is told: check-claude goes from the cluster to the endpoint, and what comes later often fails of the same.
 */
export function diagnoseCheck({ checks }: Pick<CheckReport, 'checks'>): Diagnosis | undefined {
  const failed = checks.filter(({ state }) => state === 'failed');
  const [first] = failed;
  if (!first) return undefined;
  const others =
    failed.length > 1
      ? ` (and ${failed
          .slice(1)
          .map(({ id }) => id)
          .join(', ')})`
      : '';
  return {
    class: `check ${first.id}`,
    cause: `check-claude on their cluster: ${first.id}: ${first.said}${others}.`,
    toDo: toDoFor(first),
    remedy: remedyFor(first),
  };
}

/** For whoever helps them: what check-claude says next is meant for the person at the cluster. */
function toDoFor(line: CheckReport['checks'][number]): string {
  if (lacksAccess(line))
    return (
      "The worker gives CAN_QUERY again before the next look; where it may not, an admin does, on the endpoint's " +
      'page in the workspace (Serving, Permissions).'
    );
  return line.next === '' ? 'Look at it on the cluster: check-claude.' : `There they are told: ${line.next}.`;
}

const lacksAccess = ({ id, said }: CheckReport['checks'][number]): boolean =>
  id === 'endpoint' && said.startsWith('HTTP 403: you may not query');

/** True when the person was refused what the worker opens to everybody: somebody may have taken it away. */
export const wantsAccessAgain = ({ checks }: Pick<CheckReport, 'checks'>): boolean =>
  checks.some((line) => line.state === 'failed' && lacksAccess(line));

function remedyFor({ id, said }: CheckReport['checks'][number]): Remedy {
  if (REINSTALLED.includes(id)) return 'restart';
  return PASSING.test(said) ? 'again' : 'person';
}

/** A check that passed, in one line: what was looked at, and what was not quite right. */
export function checkSaid({ version, checks }: CheckReport): string {
  const warnings = checks.filter(({ state }) => state === 'warning').map(({ id, said }) => `${id}: ${said}`);
  const unseen = checks.filter(({ state }) => state === 'skipped').map(({ id }) => id);
  return (
    `${checks.filter(({ state }) => state === 'ok').length} checks passed` +
    (version ? `, Claude Code ${version}` : '') +
    (unseen.length > 0 ? `; not seen: ${unseen.join(', ')}` : '') +
    (warnings.length > 0 ? `; ${warnings.join('; ')}`.slice(0, 300) : '')
  );
}
