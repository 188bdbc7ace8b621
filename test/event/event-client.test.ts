import { describe, expect, it } from 'vitest';
import type { WorkshopClient } from '../../src/client.ts';
import type { Receipt } from '../../src/domain/replayed/checklist/requests.ts';
import type { KnownEvent } from '../../src/domain/replayed/event/event.ts';
import { EMPTY_ROOM } from '../../src/domain/replayed/room/room.ts';
import { newSeat, type Seat } from '../../src/domain/replayed/seat/seat.ts';
import { eventOf, onlyOneWorkshop } from '../../src/event/as-one.ts';
import { eventClient } from '../../src/event/event-client.ts';
import { withEvents } from '../../src/event/with-events.ts';
import type { Looked } from '../../src/reader.ts';
import { NoAnswer, Refused } from '../../src/temporal/client-errors.ts';

const part = (name: string, most?: number) => ({
  name,
  id: `spring-${name}`,
  workspace: `https://${name}.example.com`,
  runId: name,
  ...(most === undefined ? {} : { most, because: 'as its plan says' }),
});
const EVENT: KnownEvent = { id: 'spring', title: 'Spring', parts: [part('north', 2), part('south')] };

const seat = (name: string): Seat => newSeat(`key-${name}`, `${name}@example.com`, 'attendee', 1);
const NOT_LOOKED: Looked = { state: 'none', about: undefined, poolWaits: undefined, isStuck: false };

/** Two workshops with these people, and all that was asked of them. */
function fake(rosters: Readonly<Record<string, readonly string[] | 'silent'>>, refuses: readonly string[] = []) {
  const asked: string[] = [];
  const receipt =
    (what: string) =>
    async (id: string, input: { readonly emails?: readonly string[] }): Promise<Receipt> => {
      asked.push(`${what} ${id}${input.emails ? `: ${input.emails.join(', ')}` : ''}`);
      if (refuses.includes(id)) throw new Refused(`${id} is over`);
      return { recorded: what, ...(input.emails ? { added: input.emails } : {}) };
    };
  const client = {
    roster: async (id: string) => {
      const there = rosters[id] ?? [];
      if (there === 'silent') throw new NoAnswer('No worker answers: it is down');
      return there.map(seat);
    },
    planInForce: async (id: string) => ({
      people: typeof rosters[id] === 'string' ? 0 : (rosters[id]?.length ?? 0),
      cohorts: 1,
    }),
    look: async (id: string): Promise<Looked> => ({ ...NOT_LOOKED, state: id in rosters ? 'running' : 'none' }),
    event: async (id: string) => (id === EVENT.id ? EVENT : undefined),
    room: async (id: string) => ({ ...EMPTY_ROOM, hands: [{ key: id, at: id.length, from: 'page' }] }),
    signOff: receipt('signed off'),
    pause: receipt('paused'),
    addAttendees: receipt('added'),
    removeAttendees: receipt('removed'),
    repair: receipt('repaired'),
    takeHand: receipt('taken'),
    amend: receipt('amended'),
  };
  return { asked, client: client as unknown as WorkshopClient };
}

const BY = { by: 'ann' };
const BOTH = { 'spring-north': ['ann'], 'spring-south': ['bo'] };

describe('what is asked of an event', () => {
  it('goes to all its workshops, and any other id goes there as before', async () => {
    const { asked, client } = fake(BOTH);
    const one = eventClient(client, EVENT);
    expect(await one.pause('spring', BY)).toEqual({ recorded: 'paused, in all 2 workspaces' });
    await one.pause('autumn', BY);
    expect(asked).toEqual(['paused spring-north', 'paused spring-south', 'paused autumn']);
  });

  it('says who refused, and fails only where all do', async () => {
    const some = eventClient(fake(BOTH, ['spring-south']).client, EVENT);
    const { recorded } = await some.signOff('spring', { item: 'proxy', ...BY });
    expect(recorded).toBe('signed off (north); not in south: spring-south is over');
    const none = eventClient(fake(BOTH, ['spring-north', 'spring-south']).client, EVENT);
    await expect(none.pause('spring', BY)).rejects.toThrow('spring-north is over');
  });

  it('about a person goes to where they are', async () => {
    const { asked, client } = fake(BOTH);
    const one = eventClient(client, EVENT);
    await one.repair('spring', { email: 'bo@example.com', ...BY });
    await one.takeHand('spring', { key: 'key-ann', by: 'cy' });
    const removed = await one.removeAttendees('spring', { emails: ['bo@example.com', 'who@example.com'], ...BY });
    expect(removed.unknown).toEqual(['who@example.com']);
    expect(asked).toEqual(['repaired spring-south', 'taken spring-north', 'removed spring-south: bo@example.com']);
    await expect(one.repair('spring', { email: 'who@example.com', ...BY })).rejects.toThrow('Nobody in "spring"');
  });

  it('puts new people where there is room, leaves the others there, and adds nobody where one has none', async () => {
    const { asked, client } = fake({ 'spring-north': ['ann'], 'spring-south': ['bo', 'cy'] });
    const one = eventClient(client, EVENT);
    await one.addAttendees('spring', { emails: ['di@example.com', 'ed@example.com', 'bo@example.com'], ...BY });
    expect(asked).toEqual(['added spring-north: di@example.com', 'added spring-south: ed@example.com, bo@example.com']);
    const wanted = { 'x@example.com': 'north', 'y@example.com': 'north' };
    const full = one.addAttendees('spring', { emails: Object.keys(wanted), ...BY }, wanted);
    await expect(full).rejects.toThrow('Nobody was added. y@example.com has no place');
    expect(asked).toHaveLength(2);
  });

  it('nobody is added while a workshop does not say who is in it: they might be there', async () => {
    const { asked, client } = fake({ 'spring-north': ['ann'], 'spring-south': 'silent' });
    const one = eventClient(client, EVENT);
    await expect(one.addAttendees('spring', { emails: ['di@example.com'], ...BY })).rejects.toThrow(NoAnswer);
    expect(asked).toEqual([]);
    // To look at, the others are enough.
    expect((await one.roster('spring')).map(({ email, isIn }) => [email, isIn?.name])).toEqual([
      ['ann@example.com', 'north'],
    ]);
  });

  it('what can be done in one workshop only is refused with their ids', async () => {
    const { asked, client } = fake(BOTH);
    const one = eventClient(client, EVENT);
    await expect(async () => one.amend('spring', { fields: {}, ...BY })).rejects.toThrow(
      'Name its workshop: spring-north, spring-south.',
    );
    expect(() => onlyOneWorkshop(one)).toThrow(Refused);
    expect(() => onlyOneWorkshop(client)).not.toThrow();
    expect([eventOf(one), eventOf(client), asked]).toEqual([EVENT, undefined, []]);
  });
});

it('pages learn by a look that an id is an event', async () => {
  const { client } = fake(BOTH);
  const aware = withEvents(client);
  expect(await aware.look('nobody')).toMatchObject({ state: 'none' });
  expect(await aware.look('spring')).toMatchObject({ state: 'running' });
  expect((await aware.roster('spring')).map(({ email }) => email)).toEqual(['ann@example.com', 'bo@example.com']);
  expect((await aware.room('spring')).hands.map(({ key }) => key)).toEqual(['spring-north', 'spring-south']);
  expect((await aware.roster('spring-south')).map(({ email }) => email)).toEqual(['bo@example.com']);
});
