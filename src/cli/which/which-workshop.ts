import type { WorkshopClient } from '../../client.ts';
import type { KnownEvent } from '../../domain/replayed/event/event.ts';
import type { KnownWorkshop, WorkshopReader } from '../../reader.ts';
import { UnknownWorkshop } from '../../temporal/client-errors.ts';
import { WrongInput } from '../input/exit.ts';
import { withClient, withReader } from '../input/with-client.ts';
import { say } from '../terminal/output.ts';
import { aboutWorkshop } from '../traced.ts';
import { eventIn } from './event-in.ts';
import { nearIds } from './near-ids.ts';

const MOST_NAMED = 10;

/** Connects, for a command about one workshop, and finds out which is meant. */
export const inWorkshop = <T>(
  given: string | undefined,
  use: (client: WorkshopClient, id: string) => Promise<T>,
): Promise<T> =>
  withClient((client) =>
    named(client, given, use, async (event) =>
      (await import('../../event/event-client.ts')).eventClient(client, event),
    ),
  );

/** The same for commands that only look. */
export const lookingAt = <T>(
  given: string | undefined,
  use: (reader: WorkshopReader, id: string) => Promise<T>,
): Promise<T> =>
  withReader((reader) =>
    named(reader, given, use, async (event) =>
      (await import('../../event/event-reader.ts')).eventReader(reader, event),
    ),
  );

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
  const event = await eventOfAll([only, ...others]);
  if (event !== undefined) {
    say(`Event ${event}, the only one that ${running.length > 0 ? 'runs' : 'is known'} on ${reader.address}.`);
    return event;
  }
  if (others.length > 0)
    throw new WrongInput(
      `Which workshop? ${others.length + 1} ${running.length > 0 ? 'run' : 'are known, and none runs,'} on ` +
        `${reader.address}. Name one of them:\n${lines([only, ...others].map(({ id }) => id))}`,
    );
  say(`Workshop ${only.id}, the only one that ${running.length > 0 ? 'runs' : 'is known'} on ${reader.address}.`);
  return only.id;
}

/** The event that all of these are workshops of. */
async function eventOfAll(known: readonly KnownWorkshop[]): Promise<string | undefined> {
  const events = new Set<string | undefined>();
  for (const one of known) {
    events.add(await eventIn(one));
    if (events.size > 1 || events.has(undefined)) return undefined;
  }
  return [...events][0];
}

function lines(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  const shown = ids.slice(0, MOST_NAMED).map((id) => `  ${id}`);
  return [...shown, ...(more > 0 ? [`  … and ${more} more: bin/workshop list`] : [])].join('\n');
}

/** @param asOne the same reader, for which an event is one workshop */
async function named<Reader extends WorkshopReader, T>(
  reader: Reader,
  given: string | undefined,
  use: (reader: Reader, id: string) => Promise<T>,
  asOne: (event: KnownEvent) => Promise<Reader>,
): Promise<T> {
  const id = await whichWorkshop(reader, given);
  aboutWorkshop(id);
  try {
    return await use(reader, id);
  } catch (error) {
    if (!(error instanceof UnknownWorkshop)) throw error;
    // No workshop has the id of an event, so that nobody who looks at one has to ask for events.
    const event = await reader.event(id);
    if (event) return use(await asOne(event), id);
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
