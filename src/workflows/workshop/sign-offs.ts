import { condition } from '@temporalio/workflow';
import { isDone, type Item } from '../../domain/checklist.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * Watches the sign-offs that were asked for: reminds, and at the deadline turns the silent ones red and escalates.
 * They stay open, and the lifecycle goes on: no missing answer may keep clusters from being ready.
 */
export async function signOffs(w: Lifecycle): Promise<void> {
  const asked = new Map<string, number>();
  for (;;) {
    const open = w.state.items.filter(isOpen);
    for (const item of open.filter(({ id }) => !asked.has(id))) {
      asked.set(item.id, Date.now());
      await w.tell('leadFacilitator', `${item.id}-asked`, `Please sign off: ${item.title}`, howTo(w, item));
    }
    const next = Math.min(...open.map((item) => Math.min(item.state === 'waiting' ? (item.deadline ?? Infinity) : Infinity, (asked.get(item.id) ?? 0) + w.pace.reminder)));
    const known = open.length;
    const changed = () => w.leaving || w.state.items.filter(isOpen).length !== known;
    if (next === Infinity) await condition(changed);
    else if (next > Date.now()) await condition(changed, next - Date.now(), { summary: 'until a sign-off is due' });
    if (w.leaving) return;
    for (const item of w.state.items.filter(isOpen)) {
      if (item.state === 'waiting' && Date.now() >= (item.deadline ?? Infinity)) {
        item.state = 'unanswered';
        item.at = Date.now();
        await w.tell('databricksAdmin', `${item.id}-unanswered`, `Nobody signed off: ${item.title}`, `Its time is up. The workshop goes on without it.\n\n${howTo(w, item)}`);
      } else if (Date.now() >= (asked.get(item.id) ?? Infinity) + w.pace.reminder) {
        asked.set(item.id, Date.now());
        await w.tell('leadFacilitator', `${item.id}-reminder`, `Still open: ${item.title}`, howTo(w, item));
      }
    }
  }
}

const isOpen = (item: Item) => item.kind === 'sign-off' && item.deadline !== undefined && !isDone(item);

const howTo = (w: Lifecycle, item: Item) =>
  `${item.title}.\n${item.toDo ? `${item.toDo}\n` : ''}\nWhen it is so:\n  bin/workshop sign-off ${w.plan.id} ${item.id} --by "your name"`;
