import type { Report } from '../../domain/papers/report.ts';
import { isProven } from '../../domain/replayed/ending/teardown-report.ts';

type Counts = Pick<Report['attendees'], 'total' | 'ready' | 'removed'> & { readonly later?: number };

/**
 * In what a rehearsal was not as wanted, a sentence each; none when everybody had a running cluster at the start,
 * whoever joined on the way too, everybody's is gone, that is proven, and apps are as the plan wants them.
 */
export const notAsWanted = (report: Report, people: number): string[] => [
  ...(isProven(report)
    ? []
    : ['It is not proven that nothing is left and costs money; the report says what was seen last.']),
  ...peopleNotAsWanted(report.attendees, people),
  ...report.checklist.flatMap(({ id, title, state, evidence }) =>
    (id === 'clusters' || id === 'apps-end') && state === 'failed' ? [`${title}: ${evidence ?? 'failed'}`] : [],
  ),
];

/** The same of people alone, also of several workspaces together. */
export function peopleNotAsWanted({ total, ready, removed, later = 0 }: Counts, people: number): string[] {
  const never = total - ready - later;
  return [
    ...(total < people ? [`${people} people were to have a seat, and the report knows of ${total}.`] : []),
    ...(ready < total
      ? [
          `At the start ${total - ready} of ${total} were not ready: ` +
            `${[...(later > 0 ? [`${later} later`] : []), ...(never > 0 ? [`${never} never`] : [])].join(', ')}.`,
        ]
      : []),
    ...(removed < total ? [`Of ${total - removed} of ${total} it is not known that their seat was given back.`] : []),
  ];
}

/** What is said below the report; nothing when all was as wanted. */
export const outcomeLines = (amiss: readonly string[]): string[] =>
  amiss.length === 0 ? [] : ['Not as wanted:', ...amiss.map((sentence) => `  - ${sentence}`)];
