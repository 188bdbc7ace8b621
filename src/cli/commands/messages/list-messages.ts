import type { Message } from '../../../reader.ts';
import { messagesPage } from './messages-page.ts';
import { columnsOf } from '../../pages/wrapped.ts';
import { print, printJson } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';
import { lookingAt } from '../../which/which-workshop.ts';

export interface ListOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Prints how the messages of a workshop stand. */
export async function listMessages(given: string | undefined, { all = false, json }: ListOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    const messages = await reader.messages(id);
    if (json) return printJson(messages.map(told));
    const style = styleFor(process.stdout);
    const timeZone = (await reader.look(id)).about?.timeZone ?? 'UTC';
    print(messagesPage(id, messages, { all, style, columns: columnsOf(process.stdout), timeZone }).join('\n'));
  });
}

/** Without the text, which "messages show" has, and the plan. */
const told = ({ key, to, subject, group, askedAt, generation, deliveries }: Message) => ({
  key,
  to,
  subject,
  group,
  askedAt: new Date(askedAt).toISOString(),
  generation,
  deliveries,
});
