import type { WorkshopClient } from '../../client.ts';
import type { WorkshopReader } from '../../reader.ts';
import { UnknownWorkshop } from '../../temporal/client-errors.ts';
import { WrongInput } from '../input/exit.ts';
import { withClient, withReader } from '../input/with-client.ts';
import { say } from '../terminal/output.ts';
import { nearIds } from './near-ids.ts';

const MOST_NAMED = 10;

/** Connects, for a command about one workshop, and finds out which is meant. */
export const inWorkshop = <T>(
  given: string | undefined,
  use: (client: WorkshopClient, id: string) => Promise<T>,
): Promise<T> => withClient((client) => named(client, given, (id) => use(client, id)));

/** The same for commands that only look. */
export const lookingAt = <T>(
  given: string | undefined,
  use: (reader: WorkshopReader, id: string) => Promise<T>,
): Promise<T> => withReader((reader) => named(reader, given, (id) => use(reader, id)));

/**
 * The one place that decides which workshop is meant when none is named: the only one that runs; where none runs, the
 * only one that the server knows. It is said which.
 * @throws {WrongInput} where there is none, or more than one, with their ids
 */
export async function whichWorkshop(
  reader: Pick<WorkshopReader, 'workshops' | 'address'>,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  const known = await reader.workshops();
  const running = known.filter(({ state }) => state === 'running');
  const [only, ...others] = running.length > 0 ? running : known;
  if (only === undefined)
    throw new WrongInput(
      `No workshop is known on ${reader.address}. Start one with "bin/workshop start <plan>", or set ` +
        'TEMPORAL_ADDRESS to the server that it runs on.',
    );
  if (others.length > 0)
    throw new WrongInput(
      `Which workshop? ${others.length + 1} ${running.length > 0 ? 'run' : 'are known, and none runs,'} on ` +
        `${reader.address}. Name one of them:\n${lines([only, ...others].map(({ id }) => id))}`,
    );
  say(`Workshop ${only.id}, the only one that ${running.length > 0 ? 'runs' : 'is known'} on ${reader.address}.`);
  return only.id;
}

function lines(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  const shown = ids.slice(0, MOST_NAMED).map((id) => `  ${id}`);
  return [...shown, ...(more > 0 ? [`  … and ${more} more: bin/workshop list`] : [])].join('\n');
}

async function named<T>(
  reader: WorkshopReader,
  given: string | undefined,
  use: (id: string) => Promise<T>,
): Promise<T> {
  const id = await whichWorkshop(reader, given);
  try {
    return await use(id);
  } catch (error) {
    if (!(error instanceof UnknownWorkshop)) throw error;
    const ids = await reader.workshops().then(
      (known) => known.map((workshop) => workshop.id),
      () => [],
    );
    throw new UnknownWorkshop([error.message, ...didYouMean(id, ids)].join('\n'));
  }
}

/** For somebody who named a workshop that is not known: which one they may have meant. Empty where it is known. */
export function didYouMean(id: string, ids: readonly string[]): string[] {
  if (ids.includes(id) || ids.length === 0) return [];
  const near = nearIds(id, ids).map((one) => `"${one}"`);
  if (near.length > 0) return [`Did you mean ${near.join(' or ')}?`];
  const more = ids.length > MOST_NAMED ? ' … (bin/workshop list)' : '';
  return [`Known there: ${ids.slice(0, MOST_NAMED).join(', ')}${more}.`];
}
