import { mergedProgress, type AnsweredPart } from '../domain/event/merged-progress.ts';
import type { Progress } from '../domain/replayed/checklist/progress.ts';
import type { KnownEvent } from '../domain/replayed/event/event.ts';
import { EMPTY_ROOM, type Room } from '../domain/replayed/room/room.ts';
import type { Looked, WorkshopReader } from '../reader.ts';
import { NoAnswer, Refused } from '../temporal/client-errors.ts';
import { asOne } from './as-one.ts';
import { WhereIs } from './where-is.ts';

/** What commands ask about a workshop, answered for an event: all its workshops are asked at once. */
export type AnswersForEvent = Partial<Omit<WorkshopReader, 'close'>>;

/** A reader for which the event is one workshop. */
export const eventReader = <Reader extends WorkshopReader>(reader: Reader, event: KnownEvent): Reader =>
  asOne<Reader>(reader, event, answersOf(reader, event, new WhereIs(reader, event)) as Partial<Reader>);

/** What of a reader is answered from the parts of an event. */
export function answersOf(reader: WorkshopReader, event: KnownEvent, where: WhereIs): AnswersForEvent {
  const { parts } = event;
  /** How many cohorts each part has, as it last said. */
  const cohorts = new Map<string, number>();
  /** Those that answer at all: one whose worker is down hides none of the others. */
  const ofEach = async <T>(ask: (id: string) => Promise<T>): Promise<T[]> =>
    (
      await Promise.all(
        parts.map(({ id }) =>
          ask(id).catch((error: unknown) => {
            silenceOf(error);
            return undefined;
          }),
        ),
      )
    ).filter((answer) => answer !== undefined);

  const progress = async (): Promise<Progress> => {
    const answered = await Promise.all(
      parts.map(async ({ name, id }): Promise<AnsweredPart & { readonly error?: unknown }> => {
        try {
          const answer = await reader.progress(id);
          cohorts.set(id, answer.cohorts);
          return { name, id, answer };
        } catch (error) {
          return { name, id, answer: { silence: silenceOf(error) }, error };
        }
      }),
    );
    const merged = mergedProgress(event, answered);
    if (merged === undefined) throw answered.find(({ error }) => error !== undefined)?.error;
    return merged;
  };

  return {
    progress,
    roster: () => where.rosters((_part, error) => void silenceOf(error)),
    lastLooks: async () =>
      (await ofEach(async (id) => reader.lastLooks(id, cohorts.get(id) ?? (await reader.progress(id)).cohorts))).flat(),
    messages: async () => (await ofEach((id) => reader.messages(id))).flat().toSorted((a, b) => a.askedAt - b.askedAt),
    standing: async () => (await looked(reader, event)).state,
    look: () => looked(reader, event),
    // They have the plan in common but for the workspace; links are sealed with what the first of them began with.
    planInForce: async () => {
      const [first] = parts;
      const inForce = await reader.planInForce(first?.id ?? event.id);
      const { people, cohorts: all } = await progress().then(({ attendees, cohorts: n }) => ({
        people: attendees.attendees + attendees.guests,
        cohorts: n,
      }));
      return { ...inForce, plan: { ...inForce.plan, id: event.id }, people, cohorts: all };
    },
    room: async () => mergedRoom(await ofEach((id) => reader.room(id))),
    changes: async () => {
      const all = await ofEach((id) => reader.changes(id));
      const forgotten = all.flatMap(({ forgottenBefore }) => forgottenBefore ?? []);
      return {
        changes: all.flatMap(({ changes }) => changes).toSorted((a, b) => a.at - b.at),
        ...(forgotten.length > 0 ? { forgottenBefore: Math.max(...forgotten) } : {}),
        ...(all[0]?.keptForDays === undefined ? {} : { keptForDays: all[0].keptForDays }),
      };
    },
    seatHistory: async (_id, key) => reader.seatHistory((await where.ofKey(key)).id, key),
  };
}

/** Everybody's hands in one line, the oldest first. */
function mergedRoom(rooms: readonly Room[]): Room {
  const banner = rooms.flatMap((room) => room.banner ?? []).toSorted((a, b) => b.at - a.at)[0];
  return {
    ...EMPTY_ROOM,
    hands: rooms.flatMap(({ hands }) => hands).toSorted((a, b) => a.at - b.at),
    done: rooms.flatMap(({ done }) => done).toSorted((a, b) => a.loweredAt - b.loweredAt),
    notes: Object.assign({}, ...rooms.map(({ notes }) => notes)) as Room['notes'],
    laptops: Object.assign({}, ...rooms.map(({ laptops }) => laptops)) as Room['laptops'],
    acts: rooms.flatMap(({ acts }) => acts).toSorted((a, b) => a.at - b.at),
    ...(banner ? { banner } : {}),
  };
}

/** Where one of them runs, the event does; it goes by the plan of its first workshop, which all have in common. */
async function looked(reader: WorkshopReader, { parts }: KnownEvent): Promise<Looked> {
  const all = await Promise.all(parts.map(({ id }) => reader.look(id)));
  const waiting = all.flatMap(({ poolWaits }) => (poolWaits ? [poolWaits] : []));
  const [first] = waiting;
  return {
    state: (['running', 'closed'] as const).find((state) => all.some((one) => one.state === state)) ?? 'none',
    about: all.find(({ about }) => about !== undefined)?.about,
    poolWaits: first && {
      ...first,
      machines: waiting.reduce((sum, { machines }) => sum + machines, 0),
      perHour: waiting.map(({ perHour }) => perHour).join(' and '),
      command: waiting.map(({ command }) => command).join('\n'),
    },
    isStuck: all.every(({ isStuck }) => isStuck),
  };
}

/** Why a part says nothing, in its first words. @throws whatever is no silence */
function silenceOf(error: unknown): string {
  if (error instanceof NoAnswer || error instanceof Refused) return error.message.replace(/[:.] .*$/s, '');
  throw error;
}
