import type { Diagnosis } from '../../../src/domain/replayed/diagnosis/diagnosis.ts';
import type { Seat, SeatState } from '../../../src/domain/replayed/seat/seat.ts';
import { MINUTE } from '../../../src/domain/replayed/time/units.ts';
import { SampleWorkshop, seatOf } from '../sample-room.ts';

const FIRST = ['Ann', 'Ben', 'Chiara', 'Dmitri', 'Eva-Maria', 'Finn', 'Gül', 'Hélène', 'Ida', 'Jean-Baptiste', 'Kaï'];
const LAST = ['Smith', 'Öztürk', 'van der Weijden', 'Li', 'García Márquez', 'O’Neill', 'Wojciechowska'];

const QUOTA: Diagnosis = {
  class: 'quota',
  remedy: 'person',
  cause: 'The subscription has no cores left for Standard_D4ds_v5 in westeurope.',
  toDo: 'Ask the Azure subscription owner for a higher quota, or release clusters of others.',
};
const LOST: Diagnosis = {
  class: 'cloud launch',
  remedy: 'again',
  cause: 'The machine was taken away while it started.',
  toDo: 'Nothing: it is tried again by itself.',
};

/** In the middle of a wave: most are ready, some on their way, some in trouble. */
function stateOf(n: number): SeatState {
  if (n % 29 === 7) return 'failed';
  if (n % 23 === 11) return 'asleep';
  if (n % 5 === 3) return n % 2 ? 'starting' : 'creating';
  if (n % 17 === 5) return 'verifying';
  return n % 19 === 13 ? 'waiting' : 'ready';
}

/** The n-th of many people, at tables of ten. */
function nth(n: number): Seat {
  const [first, last] = [FIRST[n % FIRST.length] ?? '', LAST[n % LAST.length] ?? ''];
  const state = stateOf(n);
  const seat = seatOf(`person${String(n).padStart(3, '0')}@example.com`, {
    state,
    details: { name: `${first} ${last}`, table: String(1 + Math.floor(n / 10)), role: 'analyst' },
  });
  if (state !== 'failed') return seat;
  return { ...seat, failures: 2, diagnosis: n % 2 ? QUOTA : LOST, retryAt: Date.now() + 4 * MINUTE };
}

export const LONG = {
  name: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Maximiliana Theodora von und zu Hohenzollern',
  email: `${'a-very-long-local-part-without-any-place-to-break'.padEnd(64, 'x')}@department.of.a.subsidiary.example.de`,
  word: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
};

/** A whole workshop during a wave, with hands up, notes, a banner, and names that are too long for anything. */
export function fullRoom(people = 140): SampleWorkshop {
  const workshop = new SampleWorkshop();
  const longest = seatOf(LONG.email, { details: { name: LONG.name, table: LONG.word, role: LONG.word } });
  workshop.seats = [...Array.from({ length: people - 1 }, (_, n) => nth(n)), longest];
  const keyOf = (n: number) => workshop.seats[n]?.key ?? '';
  const at = Date.now();
  workshop.room = {
    hands: [
      {
        key: keyOf(7),
        at: at - 11 * MINUTE,
        from: 'page',
        words: 'ssh: connection refused',
        takenBy: 'Cy Helper',
      },
      {
        key: keyOf(36),
        at: at - 4 * MINUTE,
        from: 'terminal',
        words: 'Claude answers nothing',
        checks: [{ id: 'model', state: 'failed', said: 'the endpoint answered 429 five times' }],
      },
      { key: longest.key, at: at - MINUTE, from: 'page', words: `${LONG.word}: ${'x'.repeat(300)}` },
    ],
    done: [],
    notes: { [keyOf(7)]: [{ by: 'Cy Helper', at: at - 5 * MINUTE, text: 'Laptop was changed this morning.' }] },
    banner: { text: 'Lunch is at 12:30, on the first floor.', by: 'Ann Lead', at: at - 20 * MINUTE },
    laptops: {},
    acts: [{ at: at - MINUTE, by: 'Cy Helper', what: `took the hand of ${keyOf(7)}` }],
  };
  return workshop;
}
