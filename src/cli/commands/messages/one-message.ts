import type { Message, WorkshopReader } from '../../../reader.ts';
import { WrongInput } from '../../input/exit.ts';

const MOST_NAMED = 5;

/**
 * The message that a key, or the beginning of one, means.
 * @throws {WrongInput} when none does, or more than one
 */
export async function oneMessage(reader: Pick<WorkshopReader, 'messages'>, id: string, key: string): Promise<Message> {
  const messages = await reader.messages(id);
  const exact = messages.find((message) => message.key === key);
  if (exact) return exact;
  const [only, ...others] = messages.filter((message) => message.key.startsWith(key));
  if (only === undefined)
    throw new WrongInput(`"${id}" has no message "${key}". See what there is: bin/workshop messages list ${id} --all`);
  if (others.length > 0)
    throw new WrongInput(
      `"${key}" is the beginning of ${others.length + 1} messages. Name one of them:\n` +
        [only, ...others]
          .slice(0, MOST_NAMED)
          .map((message) => `  ${message.key}`)
          .concat(others.length >= MOST_NAMED ? [`  … and ${others.length + 1 - MOST_NAMED} more`] : [])
          .join('\n'),
    );
  return only;
}
