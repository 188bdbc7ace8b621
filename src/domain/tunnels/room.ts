import type { Plan } from '../plan/plan.ts';
import { notConnectedYet, type PersonConnected } from './connected.ts';

const NAMED = 12;

/** When everybody should be connected: the Setup block is over. Epoch milliseconds. @param start of the workshop */
export const setupIsOverAt = ({ agenda }: Pick<Plan, 'agenda'>, start: number): number =>
  start + agenda.opening + agenda.setup;

/** For those who walk the room: who was not connected yet, by table. Undefined when everybody was. */
export function roomWords(id: string, people: readonly PersonConnected[]): string | undefined {
  const missing = notConnectedYet(people).toSorted((a, b) => compare(a.table, b.table) || compare(a.email, b.email));
  if (missing.length === 0) return undefined;
  const named = missing
    .slice(0, NAMED)
    .map(({ email, name, table }) => `${name ?? email}${table === undefined ? '' : ` (${table})`}`);
  const more = missing.length - named.length;
  return (
    `Not connected yet, ${missing.length} of ${people.length}: ${named.join(', ')}` +
    `${more > 0 ? ` and ${more} more` : ''}. All, by table: bin/workshop connected ${id}`
  );
}

const compare = (a = '', b = ''): number => a.localeCompare(b, 'en', { numeric: true });
