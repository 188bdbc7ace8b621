import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterEntry } from '../sandbox/index.ts';
import { CLUSTER_TAGS } from '../src/domain/replayed/made/cluster-spec.ts';
import { seatKey } from '../src/domain/replayed/seat/seat-key.ts';
import type { Ending, Facilitator } from './facilitator.ts';

export interface Letter {
  readonly file: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Every letter that lies in the outbox. */
export async function lettersOf(folder: string): Promise<Letter[]> {
  const files = await readdir(folder).catch((): string[] => []);
  const letters = files.filter((name) => name.endsWith('.txt'));
  return Promise.all(
    letters.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return { file, text, to: field(text, 'To'), subject: field(text, 'Subject') };
    }),
  );
}

const field = (text: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';

/** Letters that are missing, and letters that say twice what was said. */
export function lettersAmiss(
  letters: readonly Letter[],
  { invited, runId }: Facilitator,
  ending: Ending,
  ours: readonly ClusterEntry[],
): string[] {
  if (ending.how !== 'report') return [];
  const notReady = new Set(ending.report.notReady.map(({ email }) => email));
  return [...invited].flatMap((email) => {
    const theirs = letters.filter(({ to }) => to === email);
    const clusters = ours.filter(({ tags }) => tags[CLUSTER_TAGS.seat] === seatKey(runId, email));
    const subjects = theirs.map(({ subject }) => subject);
    // A new cluster and a new date are told of with a letter each time; nothing else is told twice.
    const twice = subjects.find((subject, n) => subjects.indexOf(subject) !== n && !/cluster|new date/i.test(subject));
    const named = clusters.some(({ id }) => theirs.some(({ text }) => text.includes(id)));
    return [
      ...(twice === undefined ? [] : [`doubled letter: ${email} has "${twice}" more than once`]),
      ...(ending.report.workshop.outcome === 'finished' && !notReady.has(email) && !named
        ? [`missing letter: ${email} was ready, and no letter names their cluster`]
        : []),
    ];
  });
}
