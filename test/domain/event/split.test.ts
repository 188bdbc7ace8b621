import { describe, expect, it } from 'vitest';
import { splitPeople, type PartToFill, type SplitPeople, type SplitRequest } from '../../../src/domain/event/split.ts';

const part = (name: string, most = Infinity): PartToFill => ({
  name,
  workspace: `https://${name}.example.com`,
  room: { most, because: 'as its plan says' },
});
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `p${n}@example.com`);
const split = (request: Partial<SplitRequest>): SplitPeople =>
  splitPeople({ people: [], testers: [], parts: [], rule: 'evenly', ...request });
const sizes = ({ parts }: SplitPeople) =>
  Object.fromEntries([...parts].map(([name, { people }]) => [name, people.length]));
const whereIn = ({ parts }: SplitPeople): Map<string, string> =>
  new Map([...parts].flatMap(([name, { people }]) => people.map((email) => [email, name] as const)));

describe('people', () => {
  it('go where the fewest are, or one workspace after the other', () => {
    const parts = [part('north', 3), part('south', 2), part('west')];
    expect(sizes(split({ people: numbered(9), parts }))).toEqual({ north: 3, south: 2, west: 4 });
    expect(sizes(split({ people: numbered(9), parts, rule: 'in order' }))).toEqual({ north: 3, south: 2, west: 4 });
    expect(sizes(split({ people: numbered(4), parts, rule: 'in order' }))).toEqual({ north: 3, south: 1, west: 0 });
  });

  it('go where the roster wants them, by name or address, and nowhere else', () => {
    const people = ['ann@example.com', 'bo@example.com', 'cy@example.com', 'di@example.com'];
    const wanted = {
      'ann@example.com': 'South ',
      'bo@example.com': 'https://south.example.com/?o=1',
      'cy@example.com': 'south',
      'di@example.com': 'west',
    };
    const outcome = split({ people, parts: [part('north'), part('south', 2)], wanted });
    expect(sizes(outcome)).toEqual({ north: 0, south: 2 });
    expect(outcome.nowhere).toEqual([
      { email: 'cy@example.com', why: expect.stringContaining('"south" takes 2 (as its plan says)') },
      { email: 'di@example.com', why: expect.stringContaining('which is none of north, south') },
    ]);
  });

  it('who fits nowhere is said with what bounds each workspace', () => {
    const { nowhere } = split({ people: numbered(3), parts: [part('north', 1), part('south', 1)] });
    expect(nowhere).toEqual([
      {
        email: 'p2@example.com',
        why: 'every workspace is full: "north" takes 1 (as its plan says); "south" takes 1 (as its plan says)',
      },
    ]);
  });

  it('stay where they are, though that be full, or not where the roster wants them, or they be off the roster', () => {
    const placed = new Map([
      ['p0@example.com', 'south'],
      ['p1@example.com', 'south'],
      ['gone@example.com', 'south'],
    ]);
    const outcome = split({
      people: numbered(3),
      parts: [part('north'), part('south', 1)],
      placed,
      wanted: { 'p0@example.com': 'north' },
    });
    expect(whereIn(outcome)).toEqual(
      new Map([
        ['p2@example.com', 'north'],
        ['p0@example.com', 'south'],
        ['p1@example.com', 'south'],
      ]),
    );
  });
});

it('testers who are not on the roster take a place, too, and those who are stay one person', () => {
  const outcome = split({
    people: numbered(2),
    testers: ['p0@example.com', 'guest@example.com'],
    parts: [part('north', 1), part('south', 1), part('west', 1)],
  });
  expect(outcome.nowhere).toEqual([]);
  expect([...outcome.parts.values()]).toEqual([
    { people: ['p0@example.com'], testers: ['p0@example.com'] },
    { people: ['p1@example.com'], testers: [] },
    { people: [], testers: ['guest@example.com'] },
  ]);
});

describe('whatever the roster and the rooms', () => {
  // Rooms of 0 to 11 places, one to five workspaces, up to 30 people: all by a fixed row of numbers.
  const some = Array.from({ length: 200 }, (_, seed) => {
    const drawn = (n: number, below: number) => Math.floor((Math.abs(Math.sin(seed * 131 + n * 17)) * 10_000) % below);
    return {
      count: drawn(0, 31),
      more: drawn(1, 11),
      parts: Array.from({ length: 1 + drawn(2, 5) }, (_room, n) => part(`w${n}`, drawn(3 + n, 12))),
      rule: seed % 2 === 0 ? ('evenly' as const) : ('in order' as const),
    };
  });

  it('nobody is in two places or lost, no room is exceeded, and nobody is left out while there is room', () => {
    for (const { count, parts, rule } of some) {
      const outcome = split({ people: numbered(count), parts, rule });
      const placed = [...outcome.parts.values()].flatMap(({ people }) => people);
      expect([...placed, ...outcome.nowhere.map(({ email }) => email)].toSorted()).toEqual(numbered(count).toSorted());
      for (const { name, room } of parts) expect(sizes(outcome)[name]).toBeLessThanOrEqual(room.most);
      const room = parts.reduce((sum, { room: { most } }) => sum + most, 0);
      expect(outcome.nowhere).toHaveLength(Math.max(0, count - room));
    }
  });

  it('whoever is added at the end moves nobody, before the start and after it', () => {
    for (const { count, more, parts, rule } of some) {
      const before = whereIn(split({ people: numbered(count), parts, rule }));
      const after = whereIn(split({ people: numbered(count + more), parts, rule }));
      const started = whereIn(split({ people: numbered(count + more), parts, rule, placed: before }));
      for (const [email, name] of before) expect([after.get(email), started.get(email)]).toEqual([name, name]);
    }
  });
});
