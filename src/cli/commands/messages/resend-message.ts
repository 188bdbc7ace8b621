import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';
import { oneMessage } from './one-message.ts';

export interface ResendOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Has a message sent once more. What may have arrived already is asked about first. */
export async function resendMessage(
  given: string | undefined,
  key: string,
  { yes, json }: ResendOptions,
): Promise<void> {
  await inWorkshop(given, async (client, id) => {
    const message = await oneMessage(client, id, key);
    const states = Object.values(message.deliveries).map(({ is }) => is);
    const mayHaveArrived = states.filter((is) => is === 'accepted' || is === 'in doubt').length;
    if (mayHaveArrived > 0) {
      say(`${message.key} was ${states.join(', ')}: ${message.to} may get it twice.`);
      await confirm('Send it again?', yes);
    }
    await client.resend(id, message);
    if (json) return printJson({ key: message.key, again: true });
    print(`${message.key} is sent again. See what becomes of it: bin/workshop messages show ${id} ${message.key}`);
  });
}
