import type { PartOfEvent } from '../../../domain/event/parts-of-event.ts';

const SHOWN = 5;

/** Who is in which workspace, in numbers, with what bounds it. */
export function splitLines(parts: readonly PartOfEvent[]): string[] {
  const width = Math.max(...parts.map(({ name }) => name.length));
  return parts.map(({ name, plan, people, room }) => {
    const testers = plan.testers.filter((email) => !people.includes(email)).length;
    return (
      `${name.padEnd(width)}  ${people.length} people${testers > 0 ? ` and ${testers} more testers` : ''} in ` +
      `${plan.workspace}; ${room.most === Infinity ? room.because : `room for ${room.most}: ${room.because}`}`
    );
  });
}

/** Who fits nowhere, by their reasons. */
export function nowhereLines(nowhere: readonly { readonly email: string; readonly why: string }[]): string[] {
  return [...Map.groupBy(nowhere, ({ why }) => why)].map(([why, those]) => {
    const more = those.length - SHOWN;
    const some = those.slice(0, SHOWN).map(({ email }) => email);
    return (
      `✘ ${those.length} ${those.length === 1 ? 'person has' : 'people have'} no place: ${why}: ${some.join(', ')}` +
      (more > 0 ? ` and ${more} more` : '')
    );
  });
}
