import { existsSync } from 'node:fs';
import type { WorkshopClient } from '../../../client.ts';
import type { Details } from '../../../domain/replayed/seat/details.ts';
import { personIn } from '../../../domain/roster/person-in-text.ts';
import { piecesOf } from '../../../domain/roster/rows-without-header.ts';
import { secondAddresses } from '../../../domain/roster/same-person.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { rosterFrom } from '../../input/input-files.ts';
import { addedPage } from '../../pages/added-page.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';
import { eventOf } from '../../../event/as-one.ts';
import { samePeopleElsewhere } from '../before/same-people.ts';
import { enrolledOf, lookUpIn } from './look-up.ts';

export interface AddOptions {
  readonly file?: string;
  readonly by: string;
  readonly json?: boolean;
}

/** One update takes this many at most. */
const AT_ONCE = 500;

/**
 * Adds these people and those of a roster, and says what the workspace knows of them. A second address of one user is
 * not added. Of whoever is enrolled already the name, table and role are brought up to date. The exit code says whether
 * everybody can be given a cluster. @throws {WrongInput} for what is no address; nobody was added then.
 */
export async function addAttendees(
  workshop: string | undefined,
  given: readonly string[],
  { file, by, json }: AddOptions,
): Promise<void> {
  const named = given.flatMap(piecesOf).map(personFrom);
  const roster = file === undefined ? undefined : await rosterFrom(file);
  const details: Record<string, Details> = { ...roster?.details };
  for (const { email, name } of named) if (name !== undefined) details[email] = { ...details[email], name };
  const people = [...new Set([...named.map(({ email }) => email), ...(roster?.people ?? [])])];
  if (people.length === 0) throw new WrongInput('Name at least one e-mail address, or a --file of them.');
  for (const { line, what, why } of roster?.leftOut ?? []) say(`Left out: line ${line}, "${what}" (${why})`);
  await inWorkshop(workshop, async (client, id) => {
    const wanted = roster?.wanted;
    // First, because it says at once what is wrong with the id.
    const seats = await client.roster(id);
    const asked = await lookUpIn(client, id, people, wanted);
    const second = secondAddresses(asked.people, enrolledOf(seats));
    const isSecond = new Set(second.map(({ email }) => email));
    const receipt = await addAll(
      client,
      id,
      people.filter((email) => !isSecond.has(email)),
      { details, wanted, by },
    );
    const sameTime = await sameTimeElsewhere(client, id, receipt.added);
    for (const line of sameTime) say(`! ${line}`);
    if (asked.people.some((person) => 'cause' in person)) process.exitCode = EXIT.notAsWanted;
    // Of an event, each person's is said with the receipt.
    const isEvent = eventOf(client) !== undefined;
    const { recorded, ...lists } = receipt;
    if (json)
      return printJson({
        ...lists,
        ...(isEvent ? { recorded } : {}),
        sameAs: second,
        sameTime,
        lookedUp: asked.people,
        silence: asked.silence,
      });
    const workspace = isEvent ? undefined : (await client.look(id)).about?.workspace;
    if (isEvent) for (const line of recorded) print(line);
    print(addedPage({ id, isEvent, workspace, roster: seats, second, ...receipt, ...asked }).join('\n'));
  });
}

/** Who of them is in another workshop at these hours, in words. Nobody is added less for it, so it never throws. */
async function sameTimeElsewhere(client: WorkshopClient, id: string, people: readonly string[]): Promise<string[]> {
  if (people.length === 0) return [];
  try {
    const { timeline, plan } = await client.planInForce(id);
    // Nobody is in two workshops of an event unless they were put into one of them by its own id.
    const event = eventOf(client)?.id;
    return await samePeopleElsewhere(client, { id, people, timeline, timeZone: plan.timeZone, event });
  } catch {
    return [];
  }
}

interface ToAdd {
  readonly details: Readonly<Record<string, Details>>;
  /** Address → the workspace that the roster wants for them, of several. */
  readonly wanted: Readonly<Record<string, string>> | undefined;
  readonly by: string;
}

async function addAll(
  client: WorkshopClient,
  id: string,
  people: readonly string[],
  { details, wanted, by }: ToAdd,
): Promise<{ recorded: string[]; added: string[]; already: string[] }> {
  const recorded: string[] = [];
  const added: string[] = [];
  const already: string[] = [];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    const emails = people.slice(at, at + AT_ONCE);
    const known = emails.flatMap((email) => (details[email] ? [[email, details[email]] as const] : []));
    const about = known.length > 0 ? { details: Object.fromEntries(known) } : {};
    const receipt = await client.addAttendees(id, { emails, by, ...about }, wanted);
    recorded.push(receipt.recorded);
    added.push(...(receipt.added ?? []));
    already.push(...(receipt.already ?? []));
  }
  return { recorded, added, already };
}

function personFrom(text: string): { readonly email: string; readonly name?: string } {
  const person = personIn(text);
  if (!person.ok && existsSync(text))
    throw new WrongInput(`"${text}" is a file: give it as --file ${text}. Nobody was added.`);
  if (!person.ok) throw new WrongInput(`${person.why}. Nobody was added.`);
  return person;
}
