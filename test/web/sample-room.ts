import { onTestFinished } from 'vitest';
import type { WorkshopClient } from '../../src/client.ts';
import { signedLink, type Holder, type LinkScope } from '../../src/domain/links/signed-link.ts';
import { planSchema } from '../../src/domain/plan/plan.ts';
import type { Progress } from '../../src/domain/replayed/checklist/progress.ts';
import { EMPTY_ROOM, type Room } from '../../src/domain/replayed/room/room.ts';
import { seatKey } from '../../src/domain/replayed/seat/seat-key.ts';
import { newSeat, type Seat } from '../../src/domain/replayed/seat/seat.ts';
import { totalsOf } from '../../src/domain/replayed/seat/totals.ts';
import { HOUR, MINUTE } from '../../src/domain/replayed/time/units.ts';
import { serveWeb } from '../../src/web/serve-web.ts';
import type { WebParts } from '../../src/web/web-parts.ts';
import { progressAt } from '../cli/sample-progress.ts';

export const KEY = new Uint8Array(32).fill(7);
export const RUN = '1b2c3d4e-0000-4000-8000-000000000001';
const CLUSTER = {
  id: '1116-060000-sample1',
  name: 'claude-code-workshop-spring-ann',
  state: 'RUNNING',
  shared: true,
} as const;

/** A seat of somebody whose cluster serves, unless told otherwise. */
export const seatOf = (email: string, more: Partial<Seat> = {}): Seat => ({
  ...newSeat(seatKey(RUN, email), email, 'attendee', 1),
  state: 'ready',
  target: 'ready',
  cluster: { ...CLUSTER, verified: true, launchedAt: Date.now() - HOUR, option: 0 },
  ...more,
});

export const PLAN = planSchema.parse({
  id: 'spring',
  title: 'Spring workshop',
  workspace: 'https://adb-1.2.azuredatabricks.net',
  start: '2027-03-16T09:00',
  timeZone: 'Europe/Berlin',
  contacts: {
    leadFacilitator: { name: 'Ann Lead', contact: 'lead@example.com' },
    databricksAdmin: { name: 'Bo Admin', contact: 'bo@example.com' },
    networkSupport: { name: 'Network desk', contact: '+49 30 555 0100' },
    helpers: [{ name: 'Cy Helper', contact: 'cy@example.com' }],
  },
});

/** A workshop in the middle of its day, as Temporal would tell of it, and what was asked of it. */
export class SampleWorkshop {
  seats: Seat[] = [seatOf('ann@example.com', { details: { name: 'Ann', table: '1' } }), seatOf('ben@example.com')];
  plan = PLAN;
  room: Room = EMPTY_ROOM;
  progress: Progress = progressAt('during');
  /** An error instead of every answer. */
  silence: Error | undefined;
  readonly asked: string[] = [];
  readonly acts: { readonly name: string; readonly input: unknown }[] = [];
  readonly timeline = {
    twoWeeksBefore: 0,
    oneWeekBefore: 0,
    dayBefore: 0,
    dayOf: Date.now() - 2 * HOUR,
    start: Date.now() - HOUR,
    end: Date.now() + 3 * HOUR,
    teardown: Date.now() + 4 * HOUR,
  };

  get client(): WorkshopClient {
    const answer = async <T>(name: string, value: () => T): Promise<T> => {
      this.asked.push(name);
      if (this.silence) throw this.silence;
      return value();
    };
    const act = (name: string) => async (_id: string, input: unknown) => {
      this.acts.push({ name, input });
      await new Promise((settle) => setTimeout(settle, 5));
      return { recorded: `${name} recorded` };
    };
    const about = {
      runId: RUN,
      workspace: PLAN.workspace,
      workspaceId: '1',
      timeZone: PLAN.timeZone,
      timeline: this.timeline,
    };
    return {
      namespace: 'default',
      look: (id: string) =>
        answer('look', () =>
          id === PLAN.id ? { state: 'running', about, isStuck: false } : { state: 'none', isStuck: false },
        ),
      progress: () =>
        answer('progress', () => ({
          ...this.progress,
          start: this.timeline.start,
          end: this.timeline.end,
          attendees: totalsOf(this.seats),
        })),
      planInForce: () =>
        answer('planInForce', () => ({ plan: this.plan, runId: RUN, timeline: this.timeline, people: 2, cohorts: 1 })),
      roster: () => answer('roster', () => this.seats),
      lastLooks: () => answer('lastLooks', () => []),
      room: () => answer('room', () => this.room),
      seatHistory: () => answer('seatHistory', () => ({ attempts: [], isCutOff: false })),
      ...Object.fromEntries(
        [
          'retry',
          'repair',
          'removeAttendees',
          'signOff',
          'waive',
          'extend',
          'pause',
          'resume',
          'raiseHand',
          'takeHand',
          'lowerHand',
          'addNote',
          'setBanner',
          'laptopSeen',
          'tellPerson',
        ].map((name) => [name, act(name)]),
      ),
    } as unknown as WorkshopClient;
  }

  /** Serves its pages on loopback until the test ends. */
  async served(more: Partial<WebParts> = {}, port = 0): Promise<ServedRoom> {
    const serving = await serveWeb(
      {
        client: this.client,
        key: KEY,
        evidence: async () => ({ events: [], missing: ['Nothing was read.'] }),
        history: async () => ({ deeds: [{ at: 1, who: 'Ann:', what: 'started it.' }], left: [] }),
        laptopChecks: new Map([['check.sh', Buffer.from('#!/bin/sh\n')]]),
        ...more,
      },
      { host: '127.0.0.1', port },
    );
    onTestFinished(() => serving.close());
    return new ServedRoom(serving.url, () => serving.close());
  }
}

/** Its pages, as browsers ask for them. */
export class ServedRoom {
  readonly url: string;
  readonly close: () => Promise<void>;

  constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.close = close;
  }

  link(holder: Holder, more: Partial<LinkScope> = {}, key = KEY): string {
    const seat = holder.role === 'attendee' ? { seatGeneration: 1 } : {};
    const scope = { id: 'spring', runId: RUN, generation: 1, ...seat, ...more };
    return `${this.url}/spring/${signedLink(key, holder, scope)}`;
  }

  get facilitator(): string {
    return this.link({ role: 'facilitator' });
  }
  get helper(): string {
    return this.link({ role: 'helper', nth: 0 });
  }
  seat(email: string): string {
    return this.link({ role: 'attendee', seat: seatKey(RUN, email) });
  }

  async get(address: string, headers: Readonly<Record<string, string>> = {}) {
    const answer = await fetch(address, { headers, redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** As one of our own pages posts; its answer is the page that is shown then. */
  async post(
    address: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin' },
  ) {
    const answer = await fetch(address, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    const next = answer.headers.get('location');
    if (next === null) return { status: answer.status, text: await answer.text() };
    return { status: answer.status, text: (await this.get(new URL(next, this.url).href)).text };
  }
}

export const A_MINUTE = MINUTE;
