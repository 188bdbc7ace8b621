import { describe, expect, it } from 'vitest';
import { LONGEST, MOST } from '../../../src/domain/replayed/room/bounds.ts';
import { receiptOf } from '../../../src/domain/replayed/room/receipts.ts';
import { roomRequest, type RoomRequest } from '../../../src/domain/replayed/room/requests.ts';
import {
  EMPTY_ROOM,
  lowered,
  noted,
  raised,
  taken,
  withBanner,
  withLaptop,
  type HandCheck,
  type Room,
} from '../../../src/domain/replayed/room/room.ts';

const NOW = 1_000_000;
const up = (room: Room, key: string, words?: string, at = NOW) =>
  raised(room, { key, from: 'page', ...(words === undefined ? {} : { words }) }, at);
const failed: HandCheck = { id: 'token', state: 'failed', said: 'refused with 401' };

describe('a hand', () => {
  it('is one a seat, and keeps its place whatever is added', () => {
    const two = up(up(EMPTY_ROOM, 'ann', 'no token'), 'bo', undefined, NOW + 1);
    const more = raised(two, { key: 'ann', from: 'terminal', words: 'still none', checks: [failed] }, NOW + 2);
    expect(more.hands).toEqual([
      { key: 'ann', at: NOW, from: 'page', words: 'no token\nstill none', checks: [failed] },
      { key: 'bo', at: NOW + 1, from: 'page' },
    ]);
    expect(up(more, 'ann', 'still none').hands).toEqual(more.hands);
    expect(up(more, 'ann').hands).toEqual(more.hands);
  });

  it('says no more than it may, and the latest of it', () => {
    const room = up(up(EMPTY_ROOM, 'ann', 'a'.repeat(LONGEST.words)), 'ann', 'the end');
    expect(room.hands[0]?.words).toHaveLength(LONGEST.words);
    expect(room.hands[0]?.words).toMatch(/^…a+\nthe end$/);
  });

  it('is taken by one: the second is told who has it, and nothing changes', () => {
    const open = up(EMPTY_ROOM, 'ann');
    const first = taken(open, { key: 'ann', by: 'Bo' }, NOW + 1);
    expect(first.hands[0]).toMatchObject({ takenBy: 'Bo', takenAt: NOW + 1 });
    expect(taken(first, { key: 'ann', by: 'Cy' }, NOW + 200_000)).toBe(first);
    const told = receiptOf('takeHand', { key: 'ann', by: 'Cy' }, first, NOW + 180_001);
    expect(told).toBe('Bo goes there already, since 3 min: nothing changed');
    expect(receiptOf('takeHand', { key: 'ann', by: 'Cy' }, open, NOW)).toBe('Cy goes there');
  });

  it('that goes down is kept, and can be raised anew at the end', () => {
    const room = up(up(EMPTY_ROOM, 'ann', 'help'), 'bo');
    const down = lowered(room, { key: 'ann', by: 'Bo', note: 'cable' }, NOW + 5);
    expect(down.hands.map(({ key }) => key)).toEqual(['bo']);
    expect(down.done).toEqual([{ ...room.hands[0], loweredAt: NOW + 5, loweredBy: 'Bo', note: 'cable' }]);
    expect(up(down, 'ann').hands.map(({ key }) => key)).toEqual(['bo', 'ann']);
    expect(lowered(down, { key: 'ann', by: 'Bo' }, NOW)).toBe(down);
    expect(taken(down, { key: 'ann', by: 'Bo' }, NOW)).toBe(down);
  });

  it('says how many are before it', () => {
    const room = up(up(EMPTY_ROOM, 'ann'), 'bo');
    const told = (key: string, before: Room) => receiptOf('raiseHand', { key, from: 'page' }, before, NOW);
    expect(told('ann', EMPTY_ROOM)).toContain('nobody is before you');
    expect(told('cy', room)).toContain('2 people are before you');
    expect(told('bo', room)).toContain('1 person is before you');
    expect(told('bo', taken(room, { key: 'bo', by: 'Di' }, NOW))).toContain('Di is on the way');
  });
});

describe('a room', () => {
  it('keeps notes, laptops, the banner and who did what', () => {
    let room = noted(EMPTY_ROOM, { key: 'ann', by: 'Bo', text: 'left-handed' }, NOW);
    room = withLaptop(withLaptop(room, { key: 'ann', code: 'A' }, NOW), { key: 'ann', code: 'B' }, NOW + 1);
    room = withBanner(room, { text: 'Lunch', by: 'Cy' }, NOW + 2);
    expect(room).toMatchObject({
      notes: { ann: [{ by: 'Bo', at: NOW, text: 'left-handed' }] },
      laptops: { ann: { code: 'B', at: NOW + 1 } },
      banner: { text: 'Lunch', by: 'Cy', at: NOW + 2 },
    });
    expect(room.acts.map(({ by, what }) => `${by} ${what}`)).toEqual([
      'Bo wrote a note about ann',
      'Cy set the banner: Lunch',
    ]);
    expect(withBanner(room, { text: '', by: 'Cy' }, NOW)).not.toHaveProperty('banner');
  });

  it('keeps the last of what is over, and stays small enough to be carried', () => {
    let room = EMPTY_ROOM;
    const checks = Array.from({ length: MOST.checks }, () => ({ ...failed, said: 'x'.repeat(LONGEST.said) }));
    for (let n = 0; n < 250; n += 1) {
      room = raised(room, { key: `s${n}`, from: 'terminal', words: 'help', checks }, NOW + n);
      room = noted(lowered(room, { key: `s${n}`, by: 'Bo' }, NOW), { key: 'ann', by: 'Bo', text: `${n}` }, NOW);
    }
    expect(room.done.length).toBeLessThanOrEqual(MOST.done);
    expect(room.done.at(-1)?.key).toBe('s249');
    expect(room.acts).toHaveLength(MOST.acts);
    expect(room.notes['ann']).toHaveLength(MOST.notesOfOne);
    for (let n = 0; n < 200; n += 1)
      room = raised(room, { key: `t${n}`, from: 'terminal', words: 'help', checks }, NOW + n);
    expect(JSON.stringify(room).length).toBeLessThan(600_000);
    expect(room.hands).toHaveLength(200);
    expect(room.hands[0]).toMatchObject({ key: 't0', words: 'help', checks });
    expect(room.hands.at(-1)).toEqual({ key: 't199', at: NOW + 199, from: 'terminal', words: 'help' });
  });
});

describe('a request', () => {
  const read = (name: RoomRequest, given: unknown) => roomRequest(name).safeParse(given);
  it.each([
    ['raiseHand', { key: 'ann', from: 'hallway' }],
    ['raiseHand', { key: 'ann', from: 'page', words: 'a'.repeat(501) }],
    ['raiseHand', { key: '../ann', from: 'page' }],
    ['raiseHand', { key: '__proto__', from: 'page' }],
    ['raiseHand', { key: 'ann', from: 'page', checks: Array.from({ length: 21 }, () => failed) }],
    ['raiseHand', { key: 'ann', from: 'page', checks: [{ ...failed, said: 'x'.repeat(301) }] }],
    ['takeHand', { key: 'ann', by: ' ' }],
    ['lowerHand', { key: 'ann', by: 'Bo', note: 'a'.repeat(2_001) }],
    ['addNote', { key: 'ann', by: 'Bo', text: '' }],
    ['setBanner', { by: 'Bo', text: 'a'.repeat(501) }],
    ['laptopSeen', { key: 'ann', code: 'hello' }],
    ['tellPerson', { email: 'ann', by: 'Bo', text: 'x' }],
    ['takeHand', undefined],
  ] as const)('%s that does not fit is refused', (name, given) => {
    expect(read(name, given).success).toBe(false);
  });

  it('is read as people type it', () => {
    expect(read('raiseHand', { key: 'ann', from: 'page', words: '  ' }).data).toEqual({ key: 'ann', from: 'page' });
    expect(read('laptopSeen', { key: 'ann', code: 'o1234-56789 abcde-fghil' }).data).toEqual({
      key: 'ann',
      code: '0123456789ABCDEFGH11',
    });
    expect(read('setBanner', { by: 'Bo', text: ' ' }).data).toEqual({ by: 'Bo', text: '' });
  });
});
