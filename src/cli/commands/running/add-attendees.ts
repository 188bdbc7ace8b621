import { normaliseEmail } from '../../../domain/replayed/seat/email.ts';
import { WrongInput } from '../../input/exit.ts';
import { rosterFrom } from '../../input/input-files.ts';
import { print, printJson } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface AddOptions {
  readonly file?: string;
  readonly by: string;
  readonly json?: boolean;
}

/** One update takes this many at most. */
const AT_ONCE = 500;

/** Adds these people and those of a roster. @throws {WrongInput} for what is no address; nobody was added then. */
export async function addAttendees(
  workshop: string | undefined,
  given: readonly string[],
  { file, by, json }: AddOptions,
): Promise<void> {
  const named = given.map(addressOf);
  const listed = file === undefined ? [] : (await rosterFrom(file)).people;
  const people = [...new Set([...named, ...listed])];
  if (people.length === 0) throw new WrongInput('Name at least one e-mail address, or a --file of them.');
  const added: string[] = [];
  const already: string[] = [];
  const id = await inWorkshop(workshop, async (client, which) => {
    for (let at = 0; at < people.length; at += AT_ONCE) {
      const receipt = await client.addAttendees(which, { emails: people.slice(at, at + AT_ONCE), by });
      added.push(...(receipt.added ?? []));
      already.push(...(receipt.already ?? []));
    }
    return which;
  });
  if (json) return printJson({ added, already });
  const known = already.length > 0 ? `; enrolled already: ${already.join(', ')}` : '';
  print(`${added.length} added${known}. See how they get on: bin/workshop attendees list ${id}`);
}

function addressOf(text: string): string {
  const email = normaliseEmail(text);
  if (email === undefined) throw new WrongInput(`"${text}" cannot be added. It is not an e-mail address.`);
  return email;
}
