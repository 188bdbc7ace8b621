import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { WordsFromRoom } from '../activities/messages/words-from-room.ts';
import type { Run } from '../activities/run.ts';
import type { Receipt } from '../domain/replayed/checklist/requests.ts';
import type { Queues } from '../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../domain/replayed/made/temporal-names.ts';
import { roomRequest, type AskedOfRoom, type RoomInputs, type RoomRequest } from '../domain/replayed/room/requests.ts';
import { receiptOf } from '../domain/replayed/room/receipts.ts';
import {
  acted,
  handOf,
  lowered,
  noted,
  raised,
  taken,
  withBanner,
  withLaptop,
  type Room,
} from '../domain/replayed/room/room.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import { DAY, MINUTE } from '../domain/replayed/time/units.ts';
import { HearingHelp } from './hearing-help.ts';
import { callsFor } from './shared/calls.ts';
import { troubleOf } from './shared/failures.ts';
import { historyIsLong } from './shared/history-is-long.ts';
import { readOrRefuse, refuseUpdate } from './workshop/refusals.ts';

export interface RoomInput {
  readonly v: 1;
  readonly run: Run;
  readonly queues: Queues;
  readonly pace: Pace;
  readonly room: Room;
  /** The day has begun: whoever types `help-me` on their cluster is heard. */
  readonly listens?: boolean;
  /** Files of theirs that were taken, and are to be deleted. */
  readonly taken?: readonly string[];
}

/** Who did what nobody asked for. */
const PROGRAM = 'the program';
/** Whoever comes into a room comes within that time. */
const CLOSES_AFTER = 45 * DAY;

const listen = defineSignal(MESSAGES.listen);
const roomQuery = defineQuery<Room>(MESSAGES.room);

/**
 * The room on the day: who waits for help and who helps, notes, the banner, laptops that were seen. A workshop has one.
 * It ends by itself when nothing has been asked of it for long.
 */
export async function room(input: RoomInput): Promise<void> {
  const { run, queues, pace } = input;
  const calls = callsFor(queues, pace);
  let now = input.room;
  let asked = 0;
  /** Letters that are being written. */
  let underWay = 0;

  const hearing = new HearingHelp(input.taken ?? [], {
    run,
    calls,
    pace,
    heard: ({ key, words, checks }) => {
      now = raised(now, { key, from: 'terminal', words, checks: [...checks] }, Date.now());
      asked += 1;
    },
    note: (what) => {
      now = acted(now, { at: Date.now(), by: PROGRAM, what });
    },
  });

  const hear = <Name extends RoomRequest>(
    name: Name,
    change: (request: AskedOfRoom[Name], at: number) => void,
    refuse: (request: AskedOfRoom[Name]) => void = () => {},
  ): void => {
    const read = (given: unknown): AskedOfRoom[Name] => readOrRefuse(roomRequest(name), given);
    setHandler(
      defineUpdate<Receipt, [RoomInputs[Name]]>(MESSAGES[name]),
      (given) => {
        const request = read(given);
        const before = now;
        const at = Date.now();
        change(request, at);
        asked += 1;
        return { recorded: receiptOf(name, request, before, at) };
      },
      { validator: (given) => refuse(read(given)) },
    );
  };
  const refuseUnlessOpen = ({ key }: { readonly key: string }): void => {
    if (handOf(now, key) === undefined)
      refuseUpdate('no hand is up at that seat: somebody may have lowered it already. Look at the list again');
  };

  hear('raiseHand', (request, at) => {
    now = raised(now, request, at);
  });
  hear(
    'takeHand',
    (request, at) => {
      now = taken(now, request, at);
    },
    refuseUnlessOpen,
  );
  hear(
    'lowerHand',
    (request, at) => {
      now = lowered(now, request, at);
    },
    refuseUnlessOpen,
  );
  hear('addNote', (request, at) => {
    now = noted(now, request, at);
  });
  hear('laptopSeen', (request, at) => {
    now = withLaptop(now, request, at);
  });
  hear('setBanner', (request, at) => {
    now = withBanner(now, request, at);
    if (request.send === true && request.text !== '') void send({ text: request.text }, 'everybody', request.by);
  });
  hear('tellPerson', ({ email, by, text }) => void send({ text, to: email }, email, by));
  setHandler(listen, () => hearing.begin());
  setHandler(roomQuery, () => now);
  if (input.listens === true) hearing.begin();

  /** Whoever asked has their receipt already: what became of it stands among the acts. */
  async function send(words: WordsFromRoom, whom: string, by: string): Promise<void> {
    underWay += 1;
    const note = (what: string) => {
      now = acted(now, { at: Date.now(), by, what });
    };
    try {
      const { people, leaves } = await calls.tellRoom(run, words);
      note(
        `wrote to ${whom}: ${people} ${people === 1 ? 'letter' : 'letters'}` +
          (leaves ? '' : "; the plan names no channel, so they lie in the worker's folder only"),
      );
    } catch (error) {
      const { message, toDo } = troubleOf(error);
      if (!isCancellation(error)) note(`could not write to ${whom}: ${message} ${toDo}`);
    } finally {
      underWay -= 1;
    }
  }

  // Once a day somebody looks whether the day has begun, or all is over: no message has to arrive for that.
  const lookAgain = Math.max(MINUTE, DAY / pace.speed);
  let lastAsked = Date.now();
  while (!historyIsLong(pace) && !hearing.isOver) {
    const [seen, busy, times] = [asked, underWay, hearing.times];
    const changed = await condition(
      () => asked > seen || underWay < busy || hearing.times > times || hearing.isOver,
      lookAgain,
    );
    if (asked > seen) lastAsked = Date.now();
    if (underWay === 0 && Date.now() - lastAsked >= CLOSES_AFTER) break;
    if (!changed) hearing.begin();
  }
  const isLong = historyIsLong(pace);
  await hearing.end();
  await condition(() => underWay === 0 && allHandlersFinished());
  if (!isLong || hearing.isOver) return;
  await continueAsNew<typeof room>({ ...input, room: now, listens: hearing.isWanted, taken: hearing.taken });
}
