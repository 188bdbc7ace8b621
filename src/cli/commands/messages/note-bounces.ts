import { readFile } from 'node:fs/promises';
import type { WorkshopClient } from '../../../client.ts';
import { mailId } from '../../../messages/mail-id.ts';
import { readBounce, type Bounce } from '../../../messages/bounce.ts';
import type { Message } from '../../../reader.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { print, printJson } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface BouncedOptions {
  readonly file: readonly string[];
  readonly json?: boolean;
}

/** What became of one file. */
interface Noted {
  readonly file: string;
  readonly key?: string;
  readonly noted: boolean;
  readonly said: string;
}

/**
 * Reads mails that came back, finds whose they are by their Message-IDs, and has it noted at the person.
 * @throws {WrongInput} for a file that cannot be read
 */
export async function noteBounces(given: string | undefined, { file: files, json }: BouncedOptions): Promise<void> {
  const read = await Promise.all(files.map(async (file) => ({ file, bounce: await bounceIn(file) })));
  await inWorkshop(given, async (client, id) => {
    const outcomes = await outcomesOf(client, id, read);
    if (json) printJson(outcomes);
    else {
      print(outcomes.map(({ file, said }) => `${file}: ${said}`).join('\n'));
      if (outcomes.some(({ noted }) => noted))
        print(`Mend the address, or tell them otherwise; then send it again: bin/workshop messages resend ${id} <key>`);
    }
    process.exitCode = outcomes.every(({ key }) => key !== undefined) ? EXIT.ok : EXIT.notAsWanted;
  });
}

interface Read {
  readonly file: string;
  readonly bounce: Bounce;
}

/** Has each noted that is about a mail of this workshop, and says what became of each. */
export async function outcomesOf(
  client: Pick<WorkshopClient, 'look' | 'messages' | 'bounced'>,
  id: string,
  read: readonly Read[],
): Promise<Noted[]> {
  const runId = (await client.look(id)).about?.runId ?? '';
  const ours = new Map<string, Message>();
  for (const message of await client.messages(id))
    for (let generation = 0; generation <= message.generation; generation += 1)
      ours.set(mailId(runId, message.key, generation), message);
  const outcomes: Noted[] = [];
  for (const { file, bounce } of read) {
    const message = bounce.ids.map((one) => ours.get(one)).find((one) => one !== undefined);
    const left = (said: string): Noted => ({ file, ...(message ? { key: message.key } : {}), noted: false, said });
    if (message === undefined) outcomes.push(left(`is about no mail of "${id}"`));
    else if (bounce.is === 'delayed') outcomes.push(left('is only late: its server goes on trying. Nothing was noted'));
    else if (bounce.is === 'no bounce') outcomes.push(left('holds no delivery report. Nothing was noted'));
    else if (await client.bounced(id, message, bounce.words))
      outcomes.push({ file, key: message.key, noted: true, said: `${message.key} came back: ${bounce.words}` });
    else outcomes.push(left(`${message.key} was known as refused, or waits to be sent again. Nothing was changed`));
  }
  return outcomes;
}

async function bounceIn(file: string) {
  try {
    return await readBounce(await readFile(file));
  } catch (error) {
    throw new WrongInput(`${file} cannot be read: ${(error as Error).message}. Nothing was noted.`);
  }
}
