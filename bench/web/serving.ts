import { serveWeb } from '../../src/web/serve-web.ts';
import { KEY, ServedRoom } from '../../test/web/sample-room.ts';
import { fullRoom } from '../../test/web/browser/full-room.ts';

/** What the serving process is asked for, and answers with. */
export type AskedOfServing = 'figures' | 'change' | 'rest';

/** Of the serving process alone. */
export interface Figures {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly rss: number;
  /** User and system, milliseconds since it began. */
  readonly cpuMs: number;
  /** Questions that were asked of the workshop. */
  readonly asked: number;
  /** When each change was made, epoch milliseconds. */
  readonly changes: readonly number[];
}

/** Where it listens, and the links of everybody. */
export interface Served {
  readonly url: string;
  readonly attendees: readonly string[];
  readonly facilitator: string;
}

export const PEOPLE = 140;
const EVERY_MS = 1_000;
/** Of 140 people, as many as in a busy wave. */
const SEATS_A_CHANGE = 12;

/** Before the number of a change, on everybody's page. */
export const CHANGE = 'Change number';

/** Serves a workshop of many people whose seats change once a second while that is wanted; a process of its own. */
export async function serve(): Promise<void> {
  const workshop = fullRoom(PEOPLE);
  const serving = await serveWeb(
    {
      client: workshop.client,
      key: KEY,
      evidence: async () => ({ events: [], missing: [] }),
      history: async () => ({ deeds: [], left: [] }),
      laptopChecks: new Map(),
    },
    { host: '127.0.0.1', port: 0 },
  );
  const room = new ServedRoom(serving.url, () => serving.close());
  const changes: number[] = [];
  const states = ['ready', 'starting', 'asleep', 'failed'] as const;
  const change = (): void => {
    const n = changes.length;
    workshop.seats = workshop.seats.map((seat, at) =>
      (at + n * SEATS_A_CHANGE) % PEOPLE < SEATS_A_CHANGE ? { ...seat, state: states[n % 4] ?? 'ready' } : seat,
    );
    const at = Date.now();
    workshop.room = { ...workshop.room, banner: { text: `${CHANGE} ${n}.`, by: 'Ann Lead', at } };
    changes.push(at);
  };
  let timer: NodeJS.Timeout | undefined;
  process.on('message', (asked: AskedOfServing) => {
    if (asked === 'change') timer ??= setInterval(change, EVERY_MS);
    if (asked === 'rest') {
      clearInterval(timer);
      timer = undefined;
    }
    const { user, system } = process.cpuUsage();
    process.send?.({
      at: Date.now(),
      rss: process.memoryUsage.rss(),
      cpuMs: (user + system) / 1_000,
      asked: workshop.asked.length,
      changes,
    } satisfies Figures);
  });
  process.send?.({
    url: serving.url,
    attendees: workshop.seats.map(({ email }) => room.seat(email)),
    facilitator: room.facilitator,
  } satisfies Served);
}
