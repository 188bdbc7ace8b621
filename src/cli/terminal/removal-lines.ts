import type { Found, Remains } from '../../preview.ts';

/** What would go, and what looks like a workshop's and stays, for reading. */
export function removalLines(
  id: string,
  host: string,
  { ours, strangers, theirs, runs }: Remains,
  deletePool: boolean,
): string[] {
  const goes = ours.filter(({ kind }) => kind === 'cluster' || deletePool);
  const pools = ours.filter(({ kind }) => kind === 'pool' && !deletePool);
  return [
    `In ${host}, with the id "${id}"${runs.length > 0 ? ` (run ${runs.join(', ')})` : ''}:`,
    ...(goes.length === 0 ? ['  nothing would go'] : goes.map((found) => `  - ${line(found)}`)),
    ...pools.map((found) => `  = ${line(found)} stays, with nothing idle`),
    ...(strangers.length === 0
      ? []
      : ["Named like a workshop's, but not this one's, and stays:", ...strangers.map((found) => `  = ${line(found)}`)]),
    ...(theirs.length === 0
      ? []
      : [
          'Made by people of the workshop for themselves, and not ours: left alone. Each costs money while it runs, ' +
            'until whoever made it or an admin ends it:',
          ...theirs.map((found) => `  = ${line(found)}, by ${found.by}`),
        ]),
    'Cluster policy, init scripts, volumes and everything that attendees made stay in any case.',
  ];
}

const line = ({ kind, name, id, state }: Found) => `${kind} ${name} (${id}, ${state})`;
