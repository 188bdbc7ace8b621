import type { Details } from '../../../domain/replayed/seat/details.ts';
import { personIn } from '../../../domain/roster/person-in-text.ts';
import { piecesOf } from '../../../domain/roster/rows-without-header.ts';
import { WrongInput } from '../../input/exit.ts';
import { rosterFrom } from '../../input/input-files.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface AddOptions {
  readonly file?: string;
  readonly by: string;
  readonly json?: boolean;
}

/** One update takes this many at most. */
const AT_ONCE = 500;

/**
 * Adds these people and those of a roster. Of whoever is enrolled already the name, table and role are brought up to
 * date. @throws {WrongInput} for what is no address; nobody was added then.
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
  const added: string[] = [];
  const already: string[] = [];
  const id = await inWorkshop(workshop, async (client, which) => {
    for (let at = 0; at < people.length; at += AT_ONCE) {
      const emails = people.slice(at, at + AT_ONCE);
      const known = emails.flatMap((email) => (details[email] ? [[email, details[email]] as const] : []));
      const about = known.length > 0 ? { details: Object.fromEntries(known) } : {};
      const receipt = await client.addAttendees(which, { emails, by, ...about });
      added.push(...(receipt.added ?? []));
      already.push(...(receipt.already ?? []));
    }
    return which;
  });
  if (json) return printJson({ added, already });
  const known = already.length > 0 ? `; enrolled already: ${already.join(', ')}` : '';
  print(`${added.length} added${known}. See how they get on: bin/workshop attendees list ${id}`);
}

function personFrom(text: string): { readonly email: string; readonly name?: string } {
  const person = personIn(text);
  if (!person.ok) throw new WrongInput(`${person.why}. Nobody was added.`);
  return person;
}
