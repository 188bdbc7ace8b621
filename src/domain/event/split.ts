import type { Split } from '../plan/several/event-plan.ts';
import type { PartRoom } from './rooms.ts';

/** A workspace that people are put into. */
export interface PartToFill {
  readonly name: string;
  /** Like https://adb-1.2.azuredatabricks.net. */
  readonly workspace: string;
  readonly room: PartRoom;
}

export interface SplitRequest {
  /** Attendees, in the roster's order. */
  readonly people: readonly string[];
  /** Who tries a cluster early; of them some may be on the roster. */
  readonly testers: readonly string[];
  readonly parts: readonly PartToFill[];
  readonly rule: Split;
  /** Address → the workspace that the roster wants for them: the name of a part, or the address of its workspace. */
  readonly wanted?: Readonly<Record<string, string>>;
  /** Address → the name of the part that has them already. */
  readonly placed?: ReadonlyMap<string, string>;
  /** By the name of a part, how many others are in it already. */
  readonly taken?: ReadonlyMap<string, number>;
}

export interface PeopleOfPart {
  readonly people: readonly string[];
  readonly testers: readonly string[];
}

export interface SplitPeople {
  /** By the name of the part, in the order of the parts. */
  readonly parts: ReadonlyMap<string, PeopleOfPart>;
  /** Who fits nowhere, and why. */
  readonly nowhere: readonly { readonly email: string; readonly why: string }[];
}

/**
 * Puts everybody into one workspace. Whoever is in one stays there, also where it is full by now; then those for whom
 * the roster names one; then the rest in the roster's order. So whoever is added at the end moves nobody. Pure: the
 * same request gives the same answer.
 */
export function splitPeople({
  people,
  testers,
  parts,
  rule,
  wanted = {},
  placed = new Map<string, string>(),
  taken: before = new Map<string, number>(),
}: SplitRequest): SplitPeople {
  const everybody = [...new Set([...people, ...testers])];
  const where = new Map<string, string>();
  const taken = new Map(parts.map(({ name }) => [name, before.get(name) ?? 0]));
  const put = (email: string, name: string) => {
    where.set(email, name);
    taken.set(name, (taken.get(name) ?? 0) + 1);
  };
  const isFree = ({ name, room }: PartToFill) => (taken.get(name) ?? 0) < room.most;
  const nowhere: { email: string; why: string }[] = [];
  // They hold their places whether or not this roster names them.
  for (const [email, name] of placed) if (taken.has(name)) put(email, name);
  for (const email of everybody) {
    const wish = wanted[email];
    if (where.has(email) || wish === undefined) continue;
    const part = parts.find(({ name, workspace }) => isMeant(wish, name, workspace));
    if (part && isFree(part)) put(email, part.name);
    else nowhere.push({ email, why: part ? fullWords(part) : unknownWords(wish, parts) });
  }
  for (const email of everybody) {
    if (where.has(email) || wanted[email] !== undefined) continue;
    const free = parts.filter(isFree);
    const part =
      rule === 'in order' ? free[0] : free.toSorted((a, b) => (taken.get(a.name) ?? 0) - (taken.get(b.name) ?? 0))[0];
    if (part) put(email, part.name);
    else nowhere.push({ email, why: `every workspace is full: ${parts.map(roomWords).join('; ')}` });
  }
  const those = (some: readonly string[], name: string) => some.filter((email) => where.get(email) === name);
  return {
    parts: new Map(
      parts.map(({ name }) => [name, { people: those(people, name), testers: those([...new Set(testers)], name) }]),
    ),
    nowhere,
  };
}

/** People write a name, or copy an address out of a browser. */
function isMeant(wish: string, name: string, workspace: string): boolean {
  const said = wish.trim().toLowerCase();
  const { host, origin } = new URL(workspace);
  return said === name || said === host || said === origin || said.startsWith(`${origin}/`);
}

const roomWords = ({ name, room }: PartToFill): string => `"${name}" takes ${room.most} (${room.because})`;
const fullWords = (part: PartToFill): string => `the roster wants them where there is no room left: ${roomWords(part)}`;
const unknownWords = (wish: string, parts: readonly PartToFill[]): string =>
  `the roster wants them in "${wish.slice(0, 60)}", which is none of ${parts.map(({ name }) => name).join(', ')}`;
