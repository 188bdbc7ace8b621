import { condition } from '@temporalio/workflow';
import type { ModelAnswer } from '../../activities/setup/endpoint.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/**
 * While people work, the model is asked once in a while whether it answers: a refusal is a line of its own within a
 * minute, with what the room does until it is mended. The line is there from the first refusal on; whoever waives it
 * does without.
 */
export async function watchModel(w: Lifecycle): Promise<void> {
  const isWaived = () => w.checklist.item('model')?.state === 'waived';
  while (Date.now() < w.timeline.end && !isWaived()) {
    const answer = await w.calls.modelAnswers(w.run, { plan: w.plan });
    if (!isWaived()) await show(w, answer);
    await condition(isWaived, w.pace.watchModel, { summary: 'before the model is asked again' });
  }
}

async function show(w: Lifecycle, answer: ModelAnswer): Promise<void> {
  const known = w.checklist.item('model');
  const now = Date.now();
  if (answer.well) {
    if (known?.state === 'failed')
      w.checklist.pass('model', `it answers again; ${known.evidence ?? ''} ${lasted(w, known.at ?? now)}`, now);
    return;
  }
  const { message, toDo } = answer;
  // Since when it is so stays shown.
  if (known?.state === 'failed' && known.evidence === message) return;
  w.checklist.add(
    {
      id: 'model',
      heading: 'during',
      title: 'The model answers while people work',
      kind: 'check',
      needs: [],
      state: 'waiting',
      at: now,
    },
    'watch',
  );
  w.checklist.fail(
    'model',
    `${toDo}\nIt is asked again every minute, and this line says when it answers.`,
    now,
    message,
  );
  if (known === undefined)
    await w.tell('leadFacilitator', 'model-refuses', 'The model refuses the room', `${message}\n\n${toDo}`);
}

const lasted = (w: Lifecycle, since: number): string =>
  `That lasted ${formatDuration((Date.now() - since) * w.pace.speed)}.`;
