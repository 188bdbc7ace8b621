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
    const asked = await lookUpIn(client, id, people);
    const roster = await client.roster(id);
    const second = secondAddresses(asked.people, enrolledOf(roster));
    const isSecond = new Set(second.map(({ email }) => email));
    const receipt = await addAll(
      client,
      id,
      people.filter((email) => !isSecond.has(email)),
      { details, by },
    );
    if (asked.people.some((person) => 'cause' in person)) process.exitCode = EXIT.notAsWanted;
    if (json) return printJson({ ...receipt, sameAs: second, lookedUp: asked.people, silence: asked.silence });
    const workspace = (await client.look(id)).about?.workspace;
    print(addedPage({ id, workspace, roster, second, ...receipt, ...asked }).join('\n'));
  });
}

async function addAll(
  client: WorkshopClient,
  id: string,
  people: readonly string[],
  { details, by }: { readonly details: Readonly<Record<string, Details>>; readonly by: string },
): Promise<{ added: string[]; already: string[] }> {
  const added: string[] = [];
  const already: string[] = [];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    const emails = people.slice(at, at + AT_ONCE);
    const known = emails.flatMap((email) => (details[email] ? [[email, details[email]] as const] : []));
    const about = known.length > 0 ? { details: Object.fromEntries(known) } : {};
    const receipt = await client.addAttendees(id, { emails, by, ...about });
    added.push(...(receipt.added ?? []));
    already.push(...(receipt.already ?? []));
  }
  return { added, already };
}

function personFrom(text: string): { readonly email: string; readonly name?: string } {
  const person = personIn(text);
  if (!person.ok && existsSync(text))
    throw new WrongInput(`"${text}" is a file: give it as --file ${text}. Nobody was added.`);
  if (!person.ok) throw new WrongInput(`${person.why}. Nobody was added.`);
  return person;
}
