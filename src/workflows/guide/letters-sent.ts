import { isSent } from '../../domain/replayed/checklist/what-a-plan-has.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/**
 * Where the plan names no channel, letters lie in a folder and reach nobody until somebody sends them: that is overdue
 * from the first moment on. Where an amended plan names one by now, they leave at once.
 */
export async function sentOrAskedFor(w: Lifecycle): Promise<void> {
  const line = w.checklist.item('letters-sent');
  if (line === undefined || w.checklist.isDone('letters-sent')) return;
  const { plan, timeline, run, crowd } = w;
  if (isSent(plan)) {
    const count = await w.calls.sendWritten(run, { plan, timeline, cohorts: crowd.cohorts, ...w.foundOut });
    w.checklist.pass('letters-sent', `the plan names a channel by now: ${count} letters handed over to it`, Date.now());
  } else if (line.state === 'waiting') {
    await askFor(w);
  }
}

async function askFor(w: Lifecycle): Promise<void> {
  const { plan } = w;
  const toDo = [
    'Letters lie in the folder of the worker and reach nobody: the plan names no channel.',
    `Name one in the plan, under messages (docs/messages.md), and they leave: bin/workshop amend ${plan.id} <plan>`,
    `Or send the files in workshops/${plan.id}/letters yourself, and say so:`,
  ];
  w.checklist.ask('letters-sent', Date.now());
  w.checklist.show('letters-sent', { toDo: toDo.join('\n') });
  w.checklist.expire('letters-sent', Date.now());
  const command = `bin/workshop sign-off ${plan.id} letters-sent --by "your name"`;
  await w.tell(
    'leadFacilitator',
    'letters-sent-asked',
    'Nobody gets a letter until you send it',
    `${toDo.join('\n')}\n  ${command}`,
  );
}
