import { EVERYTHING } from '../../../domain/replayed/checklist/requests.ts';
import type { WorkshopReader } from '../../../reader.ts';
import { withReader } from '../../input/with-client.ts';
import { print, printJson } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface RetryOptions {
  readonly by: string;
  readonly json?: boolean;
}

/** Asks for another try, and prints what follows. Idempotent: asked twice, it is tried once. */
export async function retry(
  first: string | undefined,
  second: string | undefined,
  { by, json }: RetryOptions,
): Promise<void> {
  const { id: given, item } = await withReader((reader) => whatIsMeant(reader, first, second));
  await inWorkshop(given, async (client, id) => {
    const receipt = await client.retry(id, { item, by });
    if (json) printJson(receipt);
    else print(receipt.recorded);
  });
}

/** Of `[id] [item]`: a single word is a workshop where one of that id is known, and else a line or a person. */
export async function whatIsMeant(
  reader: Pick<WorkshopReader, 'workshops'>,
  first: string | undefined,
  second: string | undefined,
): Promise<{ readonly id: string | undefined; readonly item: string }> {
  if (second !== undefined) return { id: first, item: second };
  if (first === undefined || first === EVERYTHING) return { id: undefined, item: EVERYTHING };
  // No id has an @, and every address has one.
  const isWorkshop = !first.includes('@') && (await reader.workshops()).some(({ id }) => id === first);
  return isWorkshop ? { id: first, item: EVERYTHING } : { id: undefined, item: first };
}
