import type { LastLook, Progress } from '../../src/domain/replayed/checklist/progress.ts';
import { EMPTY_ROOM, type Room } from '../../src/domain/replayed/room/room.ts';
import { newSeat, type Seat } from '../../src/domain/replayed/seat/seat.ts';
import { totalsOf } from '../../src/domain/replayed/seat/totals.ts';
import { HOUR, MINUTE } from '../../src/domain/replayed/time/units.ts';
import type { ReadsFigures } from '../../src/metrics/figures.ts';
import type { KnownWorkshop, Looked } from '../../src/reader.ts';
import { progressAt, START } from '../cli/sample-progress.ts';

export const HERE = { workspace: 'https://adb-1.2.azuredatabricks.net', workspaceId: '12' };
export const NOW = START - 20 * MINUTE;

/** A seat of somebody whose address and name must be told nowhere. */
export const seatOf = (name: string, more: Partial<Seat> = {}): Seat => ({
  ...newSeat(`key-of-${name}`, `${name}@example.com`, 'attendee', 1),
  state: 'ready',
  target: 'ready',
  details: { name: `${name} Somebody` },
  clusters: 1,
  cameUp: { launchedAt: NOW - 40 * MINUTE, at: NOW - 30 * MINUTE },
  readyAt: NOW - 30 * MINUTE,
  cluster: {
    id: `1116-060000-${name}`,
    name: `claude-code-workshop-spring-${name}`,
    state: 'RUNNING',
    shared: true,
    verified: true,
    launchedAt: NOW - HOUR,
    option: 0,
    bootMs: 10 * MINUTE,
  },
  ...more,
});

/** Workshops as a reader tells of them, and what was asked of it. */
export class FakeWorkshops {
  seats: Seat[] = [seatOf('ann'), seatOf('ben')];
  progress: Progress = progressAt('day of');
  room: Room = EMPTY_ROOM;
  looks: LastLook[] = [{ at: NOW - 7_000, everyMs: 5_000 }];
  looked: Partial<Looked> = {};
  workspace = HERE;
  known: Pick<KnownWorkshop, 'id' | 'state'>[] = [{ id: 'spring', state: 'running' }];
  /** An error instead of every answer of a worker. */
  silence: Error | undefined;
  readonly asked: string[] = [];

  get reader(): ReadsFigures {
    const answer = async <T>(name: string, value: T): Promise<T> => {
      this.asked.push(name);
      if (this.silence) throw this.silence;
      return value;
    };
    const about = {
      ...this.workspace,
      runId: 'run',
      timeZone: 'UTC',
      timeline: {
        twoWeeksBefore: 0,
        oneWeekBefore: 0,
        dayBefore: 0,
        dayOf: START - HOUR,
        start: START,
        end: START + 4 * HOUR,
        teardown: START + 5 * HOUR,
      },
      prices: { currency: 'EUR', vmPerHour: 0.6, dbuPerHour: 1.5, perDbu: 0.4 },
    };
    return {
      workshops: async () => this.known as KnownWorkshop[],
      look: async (): Promise<Looked> => ({
        state: 'running',
        isStuck: false,
        poolWaits: undefined,
        about,
        ...this.looked,
      }),
      progress: () => answer('progress', { ...this.progress, attendees: totalsOf(this.seats) }),
      roster: () => answer('roster', this.seats),
      lastLooks: () => answer('lastLooks', this.looks),
      room: () => answer('room', this.room),
    };
  }
}
