import type { Item } from './item.ts';

/** A message to whoever answers for lines of the checklist. */
export interface InWords {
  readonly subject: string;
  readonly text: string;
}

/** One message for all that waits for an answer, however many lines it is. @param again they were asked for before */
export function questionsInWords(items: readonly Item[], workshopId: string, again: boolean): InWords {
  const [only] = items;
  const lead = again ? 'Still open' : 'Please sign off';
  if (items.length === 1 && only) return { subject: `${lead}: ${only.title}`, text: howTo(only, workshopId) };
  return {
    subject: `${lead}: ${items.length} lines of the checklist`,
    text: items.map((item, n) => `${n + 1}. ${howTo(item, workshopId)}`).join('\n\n'),
  };
}

/** One message for all that nobody answered in time. */
export function unansweredInWords(items: readonly Item[], workshopId: string): InWords {
  const [only] = items;
  const many = `${items.length} lines of the checklist`;
  return {
    subject: `Nobody signed off: ${items.length === 1 && only ? only.title : many}`,
    text: `Time is up. The workshop goes on without.\n\n${questionsInWords(items, workshopId, true).text}`,
  };
}

const howTo = ({ id, title, toDo }: Item, workshopId: string) =>
  `${title}${/[.?!]$/.test(title) ? '' : '.'}\n${toDo ? `${toDo}\n` : ''}\n` +
  `When it is so:\n  bin/workshop sign-off ${workshopId} ${id} --by "your name"`;
