import { byHand } from '../../domain/replayed/canary/by-hand.ts';
import { hopsForAPerson, whyForAPerson, type Hop } from '../../domain/replayed/canary/hops.ts';
import { isDone } from '../../domain/replayed/checklist/checklist.ts';
import type { CanaryId } from './canary.ts';
import type { Lifecycle } from './lifecycle.ts';

/** The line on which a person says that what a canary could not try works. */
const signOffOf = (id: CanaryId): string => (id === 'canary' ? 'canary-chain' : 'canary-chain-again');

/**
 * What a canary could not try is asked of a person, with what to type. What one could try answers a question that is
 * still open, and one open question is enough.
 */
export async function handToAPerson(w: Lifecycle, id: CanaryId, hops: readonly Hop[]): Promise<void> {
  const open = w.item('canary-chain');
  const left = hopsForAPerson(hops);
  if (left.length === 0) {
    if (open && !isDone(open))
      Object.assign(open, { state: 'passed', evidence: 'tried by a later canary', at: Date.now() });
    return;
  }
  if (id === 'canary-again' && open && !isDone(open)) return;
  const { plan, run, state, timeline } = w;
  w.add(
    {
      id: signOffOf(id),
      heading: id === 'canary' ? 'two weeks before' : 'day before',
      kind: 'sign-off',
      needs: [],
      state: 'waiting',
      title: `Canary by hand: ${left.map((hop) => hop.id).join(', ')}`,
      evidence: `not tried: ${whyForAPerson(hops)}`,
      toDo: byHand({
        plan,
        runId: run.runId,
        policyId: state.policyId ?? '',
        poolId: state.poolId,
        why: whyForAPerson(hops),
      }).join('\n'),
    },
    id,
  );
  w.ask(signOffOf(id), id === 'canary' ? timeline.oneWeekBefore : timeline.dayOf);
}
