import { byHand } from '../../domain/replayed/canary/by-hand.ts';
import { hopsForAPerson, whyForAPerson, type Hop } from '../../domain/replayed/canary/hops.ts';
import type { CanaryByHandId } from '../../domain/replayed/checklist/added-lines.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/** The canary of two weeks before, and that of the day before. */
export type CanaryId = 'canary' | 'canary-again';

/** The line on which a person says that what a canary could not try works. */
const signOffOf = (id: CanaryId): CanaryByHandId => (id === 'canary' ? 'canary-chain' : 'canary-chain-again');

/**
 * What a canary could not try is asked of a person, with what to type. What one could try answers a question that is
 * still open, and one open question is enough.
 */
export async function handToAPerson(w: Lifecycle, id: CanaryId, hops: readonly Hop[]): Promise<void> {
  const isOpen = w.checklist.item('canary-chain') !== undefined && !w.checklist.isDone('canary-chain');
  const left = hopsForAPerson(hops);
  if (left.length === 0) {
    if (isOpen) w.checklist.pass('canary-chain', 'tried by a later canary', Date.now());
    return;
  }
  if (id === 'canary-again' && isOpen) return;
  askAPerson(w, id, hops, left);
}

function askAPerson(w: Lifecycle, id: CanaryId, hops: readonly Hop[], left: readonly Hop[]): void {
  const { plan, run, state, timeline } = w;
  const why = whyForAPerson(hops);
  const known = {
    title: `Canary by hand: ${left.map((hop) => hop.id).join(', ')}`,
    evidence: `not tried: ${why}`,
    toDo: byHand({ plan, runId: run.runId, policyId: state.policyId ?? '', poolId: state.poolId, why }).join('\n'),
  };
  const line = signOffOf(id);
  const heading = id === 'canary' ? 'two weeks before' : 'day before';
  if (!w.checklist.item(line)) {
    w.checklist.add({ id: line, heading, kind: 'sign-off', needs: [], state: 'waiting', ...known }, id);
  } else if (!w.checklist.isDone(line)) {
    w.checklist.show(line, known);
  }
  w.ask(line, id === 'canary' ? timeline.oneWeekBefore : timeline.dayOf);
}
