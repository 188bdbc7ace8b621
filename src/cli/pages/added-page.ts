import { linesForNewCluster, sshAlias } from '../../domain/papers/letters.ts';
import type { LookedUp } from '../../domain/replayed/checklist/requests.ts';
import { takesPart, type Seat } from '../../domain/replayed/seat/seat.ts';
import { secondAddressWords, type SecondAddress } from '../../domain/roster/same-person.ts';

/** What became of people who were to be added. */
export interface Added {
  readonly id: string;
  /** Of the workspace; undefined for a workshop that was started by another program. */
  readonly workspace: string | undefined;
  readonly added: readonly string[];
  readonly already: readonly string[];
  readonly second: readonly SecondAddress[];
  readonly people: readonly LookedUp[];
  readonly silence?: string | undefined;
  /** They went into several workspaces. */
  readonly isEvent?: boolean;
  /** Everybody's, before anybody was added. */
  readonly roster: readonly Seat[];
}

/** Of more people than these nobody reads a line each: those with whom all is well are counted. */
const NAMED_EACH = 10;

/** What was found of each, and what they type: those who need somebody come first. */
export function addedPage(about: Added): string[] {
  const { id, added, already, second, people, silence } = about;
  const known = already.length > 0 ? `; enrolled already: ${some(already)}` : '';
  const isNew = new Set(added);
  const found = people.filter((person) => 'userName' in person && isNew.has(person.email));
  return [
    `${added.length} added${known}. See how they get on: bin/workshop attendees list ${id}`,
    ...people.flatMap((person) => ('cause' in person ? wrongLines(id, person) : [])),
    ...second.map((one) => `! ${secondAddressWords(one)}: ${one.email} was not added.`),
    ...(silence === undefined ? [] : silentLines(about, silence)),
    ...(found.length > NAMED_EACH
      ? [`${found.length} were found in the workspace.`]
      : found.map(({ email }) => `${email} was found in the workspace.`)),
    // In an event it is another workspace for each, and in their letter.
    ...(found.length > 0 && !about.isEvent ? whatTheyType(about) : []),
    ...already.flatMap((email) => knownLines(about, email)).slice(0, 6 * NAMED_EACH),
  ];
}

function wrongLines(id: string, { email, cause, toDo }: Extract<LookedUp, { cause: string }>): string[] {
  return [`! ${cause} ${toDo}`, `  Mistyped? bin/workshop attendees remove ${id} ${email}`];
}

const silentLines = ({ id }: Added, silence: string): string[] => [
  `! The workspace cannot be asked now whether they are in it: ${silence}`,
  `  They are looked up by themselves; what comes of it: bin/workshop attendees list ${id} --state failed`,
];

/** The line that connects is known when there is a cluster: until then there is enough to do. */
const whatTheyType = ({ id, workspace }: Added): string[] => [
  'What they type now, once the Databricks CLI is installed (all of it is in their letter, with the line that ' +
    'connects them, which is written as soon as their cluster is there):',
  `  databricks auth login --host ${workspace ?? '<the workspace>'} --profile ${sshAlias({ id })}`,
];

/** Of somebody who was there before: their lines, if there is a cluster to connect to. */
function knownLines({ id, roster }: Added, email: string): string[] {
  const seat = roster.find((one) => one.email === email && takesPart(one));
  const { cluster } = seat ?? {};
  if (!cluster?.shared || cluster.state === 'GONE') return [];
  return [`What ${email} types:`, ...linesForNewCluster({ id: seat?.isIn?.id ?? id }, cluster.id)];
}

const some = (emails: readonly string[]): string =>
  emails.length > NAMED_EACH
    ? `${emails.slice(0, NAMED_EACH).join(', ')} and ${emails.length - NAMED_EACH} more`
    : emails.join(', ');
