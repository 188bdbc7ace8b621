import { condition, patched } from '@temporalio/workflow';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { sentOrAskedFor } from './letters-sent.ts';
import { seen } from './looks.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/**
 * 1 week before: everybody found, their clusters made and put to sleep, their letters sent. What each line is called,
 * and what it needs, stands in src/domain/replayed/checklist/lines.ts.
 */
export async function oneWeekBefore(w: Lifecycle): Promise<void> {
  // Set up the support Slack or Teams channel.
  w.ask('support-channel', w.timeline.dayBefore);
  // Asked for at once where nothing is missing: everybody hears once instead of twice.
  const isReady = w.checklist.mayBegin('pre-provision') && patched('prepared-at-once');
  await w.crowd.raise(isReady ? 'prepared' : 'invited');
  await Promise.all([
    w.do('people', () => people(w)),
    w.do('access', () => access(w)),
    w.do('pre-provision', async () => {
      await w.crowd.raise('prepared');
      await everybody(w, 'verified', 'have a verified cluster');
      await condition(() => !isBooting(w), w.pace.step);
      const { verified, byState } = w.totals();
      return (
        `${verified} clusters created and verified ` +
        `(${seen(w)})${byState.parked ? `, ${byState.parked} of them stopped: those cost nothing until the day` : ''}`
      );
    }),
    w.do('letters', async () => {
      // Said again at each try: while no cluster can be made, letters go out without one.
      await w.crowd.raise('invited');
      const written = await everybody(w, 'invited', 'have their letter written', () => unwritten(w));
      await sentOrAskedFor(w);
      return written;
    }),
  ]);
}

/** An endpoint that the worker may not open is a line for an admin; here it must not look opened. */
async function access(w: Lifecycle): Promise<string> {
  const opened = await everybody(w, 'withAccess', 'may use the pool and the volumes');
  const { attendees, endpointOpen, endpointClosed } = w.totals();
  const { model } = w.plan.serving;
  if (endpointClosed > 0)
    return (
      `${opened}; CAN_QUERY on ${model} was refused to the worker for ${endpointClosed} of them: an admin gives it ` +
      'to the group'
    );
  return endpointOpen >= attendees
    ? `${opened}, and query the endpoint`
    : `${opened}; the endpoint ${model} has no permissions of its own to give`;
}

/**
 * Waits until the number stands for everybody, or there is trouble with some of them, or nothing has changed for as
 * long as a launch may take.
 */
async function everybody(
  w: Lifecycle,
  what: 'withAccess' | 'verified' | 'invited',
  words: string,
  trouble: () => string = () => '',
): Promise<string> {
  const all = () => w.totals().attendees > 0 && w.totals()[what] >= w.totals().attendees;
  for (let before = -1; !all() && !trouble() && before !== w.totals()[what] + stuck(w);) {
    before = w.totals()[what] + stuck(w);
    await condition(() => all() || trouble() !== '', w.pace.launch);
  }
  const { attendees } = w.totals();
  const count = w.totals()[what];
  if (count < attendees)
    throw problem(
      `${count} of ${attendees} ${words}.${trouble()}`,
      `See who is missing, and why: bin/workshop attendees list ${w.plan.id}`,
    );
  return `all ${attendees} ${words}`;
}

/** Letters that cannot be written; nobody's cluster waits for them. */
const unwritten = (w: Lifecycle): string =>
  w.totals().unwritten > 0 ? ` ${w.totals().unwritten} could not be written, and are tried again by themselves.` : '';

const stuck = (w: Lifecycle) => (w.totals().byState.failed ?? 0) / 1_000;
const isBooting = (w: Lifecycle) => {
  const { waiting = 0, creating = 0, verifying = 0 } = w.totals().byState;
  return waiting + creating + verifying > 0;
};

async function people(w: Lifecycle): Promise<string> {
  const known = () => w.totals().attendees > 0 && w.totals().found + w.totals().notInWorkspace >= w.totals().attendees;
  await condition(known, w.pace.step);
  const { found, notInWorkspace, attendees, waitForWorkspace } = w.totals();
  // Whoever could not be looked up may well be there.
  if (waitForWorkspace > 0 && found < attendees) {
    throw problem(
      `${attendees - found} of ${attendees} are not known yet: the workspace does not answer the worker.`,
      'Nothing about them: see "The workspace answers the worker" above; then they are looked up by themselves.',
    );
  }
  const unknown = attendees - found - notInWorkspace;
  if (unknown > 0) {
    const missing = notInWorkspace > 0 ? `; ${notInWorkspace} are not in it, not active, or without access` : '';
    throw problem(
      `${unknown} of ${attendees} have not been looked up in the workspace yet${missing}.`,
      `They are, by themselves. See who: bin/workshop attendees list ${w.plan.id}`,
    );
  }
  if (found < attendees) {
    throw problem(
      `${attendees - found} of ${attendees} are not in the workspace, not active, or without access.`,
      `See who: bin/workshop attendees list ${w.plan.id}. Add them to the workspace; it is noticed by itself.`,
    );
  }
  const { twins } = w.totals();
  const same = twins === 1 ? '1 more address belongs' : `${twins} more addresses belong`;
  return `all ${attendees} found in the workspace${twins > 0 ? `; ${same} to somebody among them` : ''}`;
}
