import type { Said } from '../replayed/checklist/item.ts';

/** What people said of one line, the oldest first; moments in ISO 8601. */
export type AnswersGiven = readonly {
  readonly answer: Said['answer'];
  readonly by: string;
  readonly at: string;
  readonly note?: string;
}[];

export const answersOf = (said: readonly Said[]): AnswersGiven =>
  said.map(({ at, ...rest }) => ({ ...rest, at: new Date(at).toISOString() }));

/** `no by Ben, 15 Mar 2027, 16:02:00: certificate refused`. @param when a moment in words */
export const answerWords = ({ answer, by, at, note }: AnswersGiven[number], when: (iso: string) => string): string =>
  `${answer} by ${by}, ${when(at)}${note === undefined ? '' : `: ${note}`}`;
