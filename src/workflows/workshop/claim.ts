import { isCancellation, sleep } from '@temporalio/workflow';
import { claimTimes } from '../../domain/replayed/claim/claim.ts';
import { stoppedWords, whoseWords } from '../../domain/replayed/claim/claim-words.ts';
import { HEADINGS, isOnTheDay, type LineId } from '../../domain/replayed/checklist/lines.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { troubleOf } from '../shared/failures.ts';
import type { Lifecycle } from './lifecycle.ts';
import { problem } from './not-as-it-should-be.ts';

/** What makes anything in the workspace needs these, directly or not. */
const FIRST_MADE: readonly LineId[] = ['volumes', 'scripts', 'policy', 'pool'];

/** The claim was asked for, and nothing is known against going on; or its line says what is. */
export const claimIsKnown = (w: Lifecycle): boolean =>
  w.state.claimed === true || w.checklist.item('claim') !== undefined;

/**
 * Claims the workshop before anything is made, and renews the claim at every page of the guide and at a period. Where a
 * run on another Temporal server holds it, this one stops until somebody asks, or says that it may go on. Goes on until
 * it is cancelled.
 */
export async function claiming(w: Lifecycle): Promise<void> {
  for (;;) {
    await renew(w);
    await sleep(times(w).periodMs, { summary: 'before the claim on this workshop is renewed' });
  }
}

/** The claim goes with what it was for. What is left of it ends by itself. */
export async function release(w: Lifecycle): Promise<void> {
  if (w.state.elsewhere) return;
  await w.calls.releaseClaim(w.run, { volume: w.plan.unityCatalog.scripts }).catch(ignoreUnlessCancelled);
}

const times = (w: Lifecycle) =>
  claimTimes(w.pace, w.state.heading !== 'after' && isOnTheDay(HEADINGS.indexOf(w.state.heading)));

async function renew(w: Lifecycle): Promise<void> {
  if (w.checklist.item('claim')?.state !== 'failed') {
    try {
      await ask(w);
      return;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (!w.state.elsewhere && w.checklist.isDone('claim')) return;
      await show(w, error);
    }
  }
  // Nobody wants a workshop to begin by itself here because a computer elsewhere was asleep for a night.
  await w.do('claim', () => askAgain(w), w.state.elsewhere ? 'only when asked' : 'more and more rarely');
  if (w.checklist.item('claim')?.state !== 'waived' || !w.state.elsewhere) return;
  delete w.state.elsewhere;
  w.state.claimForced = true;
  await renew(w);
  w.claimTurned = true;
}

/** @throws what the line says when it cannot be had, once it is told */
async function askAgain(w: Lifecycle): Promise<string> {
  const stopped = w.state.elsewhere !== undefined;
  try {
    const evidence = await ask(w);
    w.claimTurned = stopped;
    return evidence;
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (w.state.elsewhere && !stopped) await show(w, error);
    const { message, next } = inWords(w, error);
    throw problem(message, next);
  }
}

/** @throws what the line says when it cannot be had */
async function ask(w: Lifecycle): Promise<string> {
  const { heldBy } = await w.calls.claimWorkshop(w.run, {
    volume: w.plan.unityCatalog.scripts,
    goodForMs: times(w).goodForMs,
    settleMs: w.pace.retryFirst,
    ...(w.state.claimForced ? { force: true } : {}),
  });
  if (heldBy) {
    w.state.elsewhere = heldBy;
    throw problem(whoseWords(heldBy), stoppedWords(heldBy, heldBy.runId === w.run.runId));
  }
  delete w.state.claimForced;
  w.state.claimed = true;
  delete w.state.elsewhere;
  return 'this server holds the claim';
}

/** What it came to, for the line: of a failed call also what that leaves unknown. */
function inWords(w: Lifecycle, error: unknown): { readonly message: string; readonly next: string } {
  const { message, toDo, handOff = [] } = troubleOf(error);
  if (w.state.elsewhere) return { message, next: toDo };
  const { id } = w.plan;
  const meaning = w.state.claimed
    ? 'The claim of this run could not be renewed. Nothing here waits for that; but in time it ends, and another ' +
      'Temporal server may then take the workshop.'
    : 'Whether another Temporal server runs this workshop too is not known, so nothing is made yet. If it is certain ' +
      `that none does: bin/workshop waive ${id} claim --reason "none does"`;
  const again = `It is tried again by itself, ever more rarely; at once with: bin/workshop retry ${id} claim`;
  return { message, next: [meaning, toDo, ...handOff, again].join('\n') };
}

/** The line is there from the first time on that the claim could not be had. */
async function show(w: Lifecycle, error: unknown): Promise<void> {
  const { message, next } = inWords(w, error);
  w.checklist.add(
    {
      id: 'claim',
      heading: 'first',
      title: 'No other Temporal server runs this workshop',
      kind: 'check',
      needs: [],
      state: 'waiting',
      at: Date.now(),
    },
    'rights',
  );
  if (!w.state.claimed) w.checklist.needToo(FIRST_MADE, 'claim');
  w.checklist.fail('claim', next, Date.now(), message);
  if (w.state.elsewhere) {
    const subject = 'Another Temporal server runs this workshop: this one has stopped';
    await w.tell('leadFacilitator', 'claim-elsewhere', subject, `${message}\n\n${next}`);
    // Only now: with it everything that is under way here ends, this too.
    w.claimTurned = true;
  } else if (!w.state.claimed) {
    const subject = 'The workshop could not be claimed for this server';
    await w.tell('leadFacilitator', 'claim', subject, `${message}\n\n${next}`);
  }
}
