import type { WorkshopClient } from '../client.ts';
import { splitPeople } from '../domain/event/split.ts';
import type { LookedUp, Receipt } from '../domain/replayed/checklist/requests.ts';
import type { EventPart, KnownEvent } from '../domain/replayed/event/event.ts';
import { EndedWithoutReport, NoAnswer, Refused } from '../temporal/client-errors.ts';
import { asOne } from './as-one.ts';
import { answersOf } from './event-reader.ts';
import { WhereIs } from './where-is.ts';

/** A client for which the event is one workshop: what is asked goes to all its workshops, or to a person's own. */
export function eventClient(client: WorkshopClient, event: KnownEvent): WorkshopClient {
  const where = new WhereIs(client, event);
  return asOne<WorkshopClient>(client, event, { ...answersOf(client, event, where), ...actsOn(client, event, where) });
}

type Acts = Partial<Omit<WorkshopClient, 'close'>>;

function actsOn(client: WorkshopClient, event: KnownEvent, where: WhereIs): Acts {
  /** To every workshop; where none takes it, what the first one says. */
  const toAll = async (ask: (id: string) => Promise<Receipt>): Promise<Receipt> =>
    together(event, await Promise.all(event.parts.map((part) => outcomeOf(part, () => ask(part.id)))));
  /** To the workshops in which these people are, each with its own. */
  const toTheirs = async (
    emails: readonly string[],
    ask: (id: string, emails: string[]) => Promise<Receipt>,
  ): Promise<Receipt> => {
    const parts = await where.ofEmails(emails);
    const unknown = emails.filter((email) => !parts.has(email));
    if (parts.size === 0) throw new Refused(`Nobody in "${event.id}" has the address ${unknown.join(', ')}.`);
    const those = [...Map.groupBy([...parts], ([, part]) => part)];
    const receipt = together(
      event,
      await Promise.all(
        those.map(([part, some]) =>
          outcomeOf(part, () =>
            ask(
              part.id,
              some.map(([email]) => email),
            ),
          ),
        ),
      ),
    );
    return unknown.length > 0 ? { ...receipt, unknown: [...(receipt.unknown ?? []), ...unknown] } : receipt;
  };
  /** Where each is, or would be put. @throws {Refused} where somebody has no place: nobody was added then */
  const places = async (emails: readonly string[], wanted: Readonly<Record<string, string>> = {}) => {
    const there = await where.ofEmails(emails);
    const taken = where.sizes;
    const { parts, nowhere } = splitPeople({
      people: emails.filter((email) => !there.has(email)),
      testers: [],
      rule: event.split ?? 'evenly',
      wanted,
      parts: where.started.map(({ name, workspace, most = Infinity, because = '' }) => ({
        name,
        workspace,
        room: { most, because },
      })),
      taken,
    });
    if (nowhere.length > 0)
      throw new Refused(
        `Nobody was added. ${nowhere.map(({ email, why }) => `${email} has no place: ${why}`).join('. ')}.`,
      );
    return where.started.map((part) => ({
      part,
      emails: emails.filter((email) => there.get(email) === part || parts.get(part.name)?.people.includes(email)),
    }));
  };
  const inTheirPlaces = async <T>(
    emails: readonly string[],
    wanted: Readonly<Record<string, string>> | undefined,
    ask: (part: EventPart, emails: string[]) => Promise<T>,
  ): Promise<T[]> =>
    Promise.all(
      (await places(emails, wanted))
        .filter((place) => place.emails.length > 0)
        .map((place) => ask(place.part, place.emails)),
    );

  return {
    signOff: (_id, input) => toAll((id) => client.signOff(id, input)),
    waive: (_id, input) => toAll((id) => client.waive(id, input)),
    retry: (_id, input) =>
      input.item?.includes('@')
        ? toTheirs([input.item], (id) => client.retry(id, input))
        : toAll((id) => client.retry(id, input)),
    pause: (_id, input) => toAll((id) => client.pause(id, input)),
    resume: (_id, input) => toAll((id) => client.resume(id, input)),
    cancel: (_id, input) => toAll((id) => client.cancel(id, input)),
    extend: (_id, input) => toAll((id) => client.extend(id, input)),
    reschedule: (_id, input) => toAll((id) => client.reschedule(id, input)),
    repair: (_id, input) => toTheirs([input.email], (id) => client.repair(id, input)),
    removeAttendees: (_id, input) =>
      toTheirs(input.emails, (id, emails) => client.removeAttendees(id, { ...input, emails })),
    addAttendees: async (_id, input, wanted) =>
      together(
        event,
        await inTheirPlaces(input.emails, wanted, (part, emails) =>
          outcomeOf(part, async () => ({
            ...(await client.addAttendees(part.id, { ...input, emails })),
            recorded: `${emails.join(', ')} in ${part.workspace}`,
          })),
        ),
      ),
    lookUp: async (_id, { emails }, wanted) => {
      const people: LookedUp[] = [];
      for (const answer of await inTheirPlaces(emails, wanted, (part, some) =>
        client.lookUp(part.id, { emails: some }),
      )) {
        if ('silence' in answer) return answer;
        people.push(...answer.people);
      }
      return { people };
    },
    setBanner: (_id, input) => toAll((id) => client.setBanner(id, input)),
    raiseHand: async (_id, input) => client.raiseHand((await where.ofKey(input.key)).id, input),
    takeHand: async (_id, input) => client.takeHand((await where.ofKey(input.key)).id, input),
    lowerHand: async (_id, input) => client.lowerHand((await where.ofKey(input.key)).id, input),
    addNote: async (_id, input) => client.addNote((await where.ofKey(input.key)).id, input),
    laptopSeen: async (_id, input) => client.laptopSeen((await where.ofKey(input.key)).id, input),
    tellPerson: (_id, input) => toTheirs([input.email], (id) => client.tellPerson(id, input)),
  };
}

/** What became of something in one workshop. */
type Outcome =
  | { readonly part: EventPart; readonly receipt: Receipt }
  | { readonly part: EventPart; readonly error: Error };

async function outcomeOf(part: EventPart, ask: () => Promise<Receipt>): Promise<Outcome> {
  try {
    return { part, receipt: await ask() };
  } catch (error) {
    const isSaid = error instanceof Refused || error instanceof NoAnswer || error instanceof EndedWithoutReport;
    if (!isSaid) throw error;
    return { part, error };
  }
}

/** One receipt of all; what one workshop refused is said in it. @throws where all of them refused */
function together({ parts }: KnownEvent, outcomes: readonly Outcome[]): Receipt {
  const receipts = outcomes.flatMap((one) => ('receipt' in one ? [one] : []));
  const refused = outcomes.flatMap((one) => ('error' in one ? [one] : []));
  if (receipts.length === 0) throw refused[0]?.error ?? new Refused('There is no workshop to ask.');
  const said = [...Map.groupBy(receipts, ({ receipt }) => receipt.recorded)].map(([recorded, those]) =>
    those.length === parts.length && parts.length > 1
      ? `${recorded}, in all ${parts.length} workspaces`
      : `${recorded} (${those.map(({ part }) => part.name).join(', ')})`,
  );
  const list = (name: 'added' | 'already' | 'removed' | 'unknown') => {
    const all = receipts.flatMap(({ receipt }) => receipt[name] ?? []);
    return receipts.some(({ receipt }) => receipt[name]) ? { [name]: all } : {};
  };
  return {
    recorded: [...said, ...refused.map(({ part, error }) => `not in ${part.name}: ${error.message}`)].join('; '),
    ...list('added'),
    ...list('already'),
    ...list('removed'),
    ...list('unknown'),
  };
}
