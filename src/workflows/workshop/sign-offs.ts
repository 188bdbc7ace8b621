import { condition } from '@temporalio/workflow';
import { isDone, type Item } from '../../domain/replayed/checklist/item.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * Watches the sign-offs that were asked for: asks, reminds, and at the deadline turns the silent ones red and
 * escalates. They stay open, and the lifecycle goes on: no missing answer may keep clusters from being ready.
 */
export async function signOffs(w: Lifecycle): Promise<void> {
  while (!w.leaving) {
    for (const item of w.checklist.items.filter(isOpen)) await attend(w, item);
    const open = w.checklist.items.filter(isOpen);
    const next = Math.min(...open.map((item) => dueNext(w, item)));
    const changed = () => w.leaving || w.checklist.items.filter(isOpen).length !== open.length;
    if (next === Infinity) await condition(changed);
    else await condition(changed, Math.max(1, next - Date.now()), { summary: 'until a sign-off is due' });
  }
}

const isOpen = (item: Item) => item.kind === 'sign-off' && item.deadline !== undefined && !isDone(item);

/** When this one next needs something: its first asking, a reminder, or its deadline. */
function dueNext(w: Lifecycle, item: Item): number {
  const reminder = (item.askedAt ?? -Infinity) + w.pace.reminder;
  return item.state === 'waiting' ? Math.min(reminder, item.deadline ?? Infinity) : reminder;
}

async function attend(w: Lifecycle, item: Item): Promise<void> {
  if (item.state === 'waiting' && Date.now() >= (item.deadline ?? Infinity)) {
    w.checklist.expire(item.id, Date.now());
    await w.tell(
      'databricksAdmin',
      `${item.id}-unanswered`,
      `Nobody signed off: ${item.title}`,
      `Its time is up. The workshop goes on without it.\n\n${howTo(w, item)}`,
    );
  } else if (Date.now() >= dueNext(w, item)) {
    const again = item.askedAt !== undefined;
    w.checklist.asked(item.id, Date.now());
    await w.tell(
      'leadFacilitator',
      `${item.id}-${again ? 'reminder' : 'asked'}`,
      `${again ? 'Still open' : 'Please sign off'}: ${item.title}`,
      howTo(w, item),
    );
  }
}

const howTo = (w: Lifecycle, item: Item) =>
  `${item.title}.\n${item.toDo ? `${item.toDo}\n` : ''}\nWhen it is so:\n  bin/workshop sign-off ${w.plan.id} ` +
  `${item.id} --by "your name"`;
