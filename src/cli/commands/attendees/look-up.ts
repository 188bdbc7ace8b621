import { setTimeout as wait } from 'node:timers/promises';
import type { WorkshopClient } from '../../../client.ts';
import type { LookedUp, LookUpAnswer } from '../../../domain/replayed/checklist/requests.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { lookedUp, readDirectory } from '../../../preview.ts';
import { patiently } from '../../input/patiently.ts';
import { hasCredentials, withWorkspace } from '../../input/with-workspace.ts';

/** What a workspace says of people; `silence`: why it could not be asked about the rest of them. */
export interface Asked {
  readonly people: readonly LookedUp[];
  readonly silence?: string;
}

/** One update's answer stays small in the workshop's history. */
const AT_ONCE = 200;
/** What takes longer was no page that turned. */
const QUICK_MS = 6_000;
const MOST_ASKED = 3;
const PAUSE_MS = 1_000;

/** Addresses that have a seat; whoever was removed can be added again. */
export const enrolledOf = (seats: readonly Seat[]): ReadonlySet<string> =>
  new Set(seats.filter(({ takenOut }) => !takenOut).map(({ email }) => email));

/** Through the workshop's worker, which has the workspace's credentials. Never throws: nobody is added less for it. */
export async function lookUpIn(
  client: WorkshopClient,
  id: string,
  emails: readonly string[],
  wanted?: Readonly<Record<string, string>>,
): Promise<Asked> {
  const people: LookedUp[] = [];
  for (let at = 0; at < emails.length; at += AT_ONCE) {
    try {
      const answer = await askedAgain(() => client.lookUp(id, { emails: emails.slice(at, at + AT_ONCE) }, wanted));
      if ('silence' in answer) return { people, silence: answer.silence };
      people.push(...answer.people);
    } catch (error) {
      return { people, silence: firstLineOf(error) };
    }
  }
  return { people };
}

/** A workshop that turns a page just now answers nobody; a moment later it does. */
async function askedAgain(ask: () => Promise<LookUpAnswer>): Promise<LookUpAnswer> {
  const began = performance.now();
  for (let n = 1; ; n += 1) {
    const answer = await ask().catch((error: unknown): LookUpAnswer => ({ silence: firstLineOf(error) }));
    const isQuick = performance.now() - began < QUICK_MS;
    if (!('silence' in answer) || n === MOST_ASKED || !isQuick) return answer;
    await wait(PAUSE_MS);
  }
}

/** In the workspace of the environment. Never throws: a roster can be read without it. */
export async function lookUpHere(emails: readonly string[]): Promise<Asked> {
  if (!hasCredentials(process.env))
    return {
      people: [],
      silence: "name a workshop that runs, or put the workspace's credentials into the environment",
    };
  try {
    const directory = await withWorkspace(undefined, ({ workspace }) => patiently(() => readDirectory(workspace)));
    return { people: emails.map((email) => lookedUp(directory, email)) };
  } catch (error) {
    return { people: [], silence: firstLineOf(error) };
  }
}

/** Why something could not be asked, in as few words as were given. */
export const firstLineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
