import { deliveryLines } from '../../terminal/delivery-lines.ts';
import { print, printJson } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { lookingAt } from '../../which/which-workshop.ts';
import { oneMessage } from './one-message.ts';

export interface ShowOptions {
  readonly json?: boolean;
}

/** Prints one message. Its text is in the outbox only until every channel has accepted it. */
export async function showMessage(given: string | undefined, key: string, { json }: ShowOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    const { plan: _, place: __, ...message } = await oneMessage(reader, id, key);
    if (json) return printJson(message);
    const timeZone = (await reader.look(id)).about?.timeZone ?? 'UTC';
    print(
      [
        `To: ${oneLine(message.to)}`,
        `Subject: ${oneLine(message.subject)}`,
        ...(message.attachments.length > 0 ? [`Attached: ${message.attachments.join(', ')}`] : []),
        ...deliveryLines(message, timeZone),
        '',
        message.text ??
          `Its text lies in the worker's folder: workshops/${id}/letters/${message.key}.txt. Send it again with: ` +
            `bin/workshop messages resend ${id} ${message.key}`,
      ].join('\n'),
    );
  });
}
