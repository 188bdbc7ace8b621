import { condition, patched } from '@temporalio/workflow';
import { isDone, type Item } from '../../domain/replayed/checklist/item.ts';
import { questionsInWords, unansweredInWords } from '../../domain/replayed/checklist/questions-in-words.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * Watches the sign-offs that were asked for: asks, reminds, and at the deadline turns the silent ones red and
 * escalates. They stay open, and the lifecycle goes on: no missing answer may keep clusters from being ready.
 */
export async function signOffs(w: Lifecycle): Promise<void> {
  while (!w.leaving) {
    // Asked one by one, a facilitator gets seven messages where one is read.
    if (patched('sign-offs-in-one-message')) await attendTogether(w);
    else for (const item of w.checklist.items.filter(isOpen)) await attend(w, item);
    const open = w.checklist.items.filter(isOpen);
    const next = Math.min(...open.map((item) => dueNext(w, item)));
    const changed = () => w.leaving || w.checklist.items.filter(isOpen).length !== open.length;
    if (next === Infinity) await condition(changed);
    else await condition(changed, Math.max(1, next - Date.now()), { summary: 'until a sign-off is due' });
  }
}

const isOpen = (item: Item) => item.kind === 'sign-off' && item.deadline !== undefined && !isDone(item);
const isExpired = (item: Item) => item.state === 'waiting' && Date.now() >= (item.deadline ?? Infinity);

/** When this one next needs something: its first asking, a reminder, or its deadline. */
function dueNext(w: Lifecycle, item: Item): number {
  const reminder = (item.askedAt ?? -Infinity) + w.pace.reminder;
  return item.state === 'waiting' ? Math.min(reminder, item.deadline ?? Infinity) : reminder;
}

/** One message for all that is due, and one for all whose time is up. */
async function attendTogether(w: Lifecycle): Promise<void> {
  const now = Date.now();
  const expired = w.checklist.items.filter((item) => isOpen(item) && isExpired(item));
  for (const { id } of expired) w.checklist.expire(id, now);
  if (expired.length > 0) {
    const { subject, text } = unansweredInWords(expired, w.plan.id);
    await w.tell('databricksAdmin', nameOf(expired, 'unanswered', now), subject, text);
  }
  // Before anything is waited for: a line that came to be open meanwhile has its turn next.
  const due = dueTogether(w, now);
  if (due.length === 0) return;
  const again = due.every(({ askedAt }) => askedAt !== undefined);
  for (const { id } of due) w.checklist.asked(id, now);
  const { subject, text } = questionsInWords(due, w.plan.id, again);
  await w.tell('leadFacilitator', nameOf(due, again ? 'reminder' : 'asked', now), subject, text);
}

/** What is due now, and with it what would be before long: reminders come together, and stay together. */
function dueTogether(w: Lifecycle, now: number): Item[] {
  const open = w.checklist.items.filter((item) => isOpen(item) && !isExpired(item));
  const isDue = (item: Item) => now >= dueNext(w, item);
  if (!open.some(isDue)) return [];
  const isSoon = ({ askedAt }: Item) => askedAt !== undefined && now >= askedAt + w.pace.reminder / 2;
  return open.filter((item) => isDue(item) || isSoon(item));
}

/** Of a message, which is sent once by its name: that of another day is another one. */
function nameOf(items: readonly Item[], about: 'asked' | 'reminder' | 'unanswered', now: number): string {
  const what = items.length === 1 ? (items[0]?.id ?? '') : `${items.length}-lines`;
  return `${what}-${about}-${new Date(now).toISOString().slice(0, 16).replace(':', '')}`;
}

async function attend(w: Lifecycle, item: Item): Promise<void> {
  if (isExpired(item)) {
    w.checklist.expire(item.id, Date.now());
    const { text } = questionsInWords([item], w.plan.id, true);
    await w.tell(
      'databricksAdmin',
      `${item.id}-unanswered`,
      `Nobody signed off: ${item.title}`,
      `Its time is up. The workshop goes on without it.\n\n${text}`,
    );
  } else if (Date.now() >= dueNext(w, item)) {
    const again = item.askedAt !== undefined;
    w.checklist.asked(item.id, Date.now());
    const { subject, text } = questionsInWords([item], w.plan.id, again);
    await w.tell('leadFacilitator', `${item.id}-${again ? 'reminder' : 'asked'}`, subject, text);
  }
}
