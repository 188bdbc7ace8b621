import { expect, it } from 'vitest';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { troublesOf } from '../../../src/domain/verdict/troubles.ts';

const failed = (n: number, cause: string, more: Partial<Seat> = {}): Seat => ({
  ...newSeat(`p${n}`, `p${String(n).padStart(2, '0')}@example.com`, 'attendee', 1),
  state: 'failed',
  failures: 1,
  diagnosis: { class: 'quota', cause, toDo: 'Ask for more.', remedy: 'other-node-type' },
  ...more,
});

it('what is the same for several is told once, with all of them, that of most people first', () => {
  const refused = (n: number) => failed(n, `No right on 1129-21021${n}-abcd${n}: HTTP 403. [request 7-${n}]`);
  expect(troublesOf([refused(2), failed(3, 'Its own trouble.'), refused(1)])).toMatchObject([
    { people: ['p01@example.com', 'p02@example.com'], cause: 'No right on 1129-210211-abcd1: HTTP 403.' },
    { people: ['p03@example.com'], cause: 'Its own trouble.', toDo: 'Ask for more.', needsPerson: false },
  ]);
});

it('what names each of them is told of all in the words of its class', () => {
  const diagnosis = (n: number, email: string) =>
    failed(n, '', {
      diagnosis: {
        class: 'person unknown',
        cause: `${email} is not a user of this workspace.`,
        toDo: `Add ${email} to the workspace.`,
        remedy: 'person',
      },
    });
  const [alone] = troublesOf([diagnosis(1, 'p01@example.com')]);
  expect(alone).toMatchObject({ cause: 'p01@example.com is not a user of this workspace.', needsPerson: true });
  expect(troublesOf([diagnosis(1, 'p01@example.com'), diagnosis(2, 'p02@example.com')])).toMatchObject([
    {
      people: ['p01@example.com', 'p02@example.com'],
      cause: 'The workspace has no such user who may work in it.',
      toDo: 'Add or activate the user, with workspace access.',
    },
  ]);
});

it('says what they do meanwhile where it is the same, and when the first is tried again', () => {
  const last = { class: 'spark', cause: 'The driver died.', toDo: 'Nothing.', remedy: 'again' } as const;
  const again = (n: number, state: Seat['state'], retryAt?: number) => {
    const { diagnosis: _, ...seat } = failed(n, '', { state, lost: { launches: 1, last } });
    return { ...seat, ...(retryAt === undefined ? {} : { retryAt }) };
  };
  expect(troublesOf([again(1, 'starting'), again(2, 'starting')])).toMatchObject([{ meanwhile: 'starting' }]);
  const [mixed] = troublesOf([again(1, 'starting'), again(2, 'failed', 20), again(3, 'failed', 10)]);
  expect(mixed).toMatchObject({ retryAt: 10 });
  expect(mixed).not.toHaveProperty('meanwhile');
});

it('a letter that could not be written comes after clusters, however many miss theirs', () => {
  const unwritten = (n: number): Seat => ({
    ...newSeat(`p${n}`, `p${n}@example.com`, 'attendee', 1),
    state: 'ready',
    letterTrouble: { cause: 'read-only.', toDo: 'Make it writable.', retryAt: 0 },
  });
  expect(troublesOf([unwritten(1), unwritten(2), failed(3, 'Its own.')]).map(({ isLetter }) => isLetter)).toEqual([
    false,
    true,
  ]);
});
