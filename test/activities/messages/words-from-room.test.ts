import { expect, test } from 'vitest';
import { wordsFromRoomActivities, type WordsFromRoom } from '../../../src/activities/messages/words-from-room.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import type { Message } from '../../../src/messages/notifier.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { failureOf } from '../setting.ts';

const RUN = { workshopId: 'spring', runId: 'r', workspaceId: 'w' };
const MAIL = { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 } as const;
const MESSAGES = { language: 'en', mail: MAIL, attendees: ['mail'], facilitators: [], admin: [] } as const;
const seat = (name: string): Seat => newSeat(name, `${name}@example.com`, 'attendee', 1);
const gone: Seat = { ...seat('gone'), takenOut: { by: 'Lea', at: 1 } };

function room({ sends = true, title = 'Spring' } = {}) {
  const sent = new Map<string, Message>();
  const notifier = {
    deliver: async (_run: unknown, name: string, message: Message) => {
      sent.set(name, message);
      return name;
    },
  };
  const { messages: _, ...plan } = { ...examplePlan(), title };
  const inForce = { plan: { ...plan, ...(sends ? { messages: MESSAGES } : {}) }, cohorts: 2 };
  const rosters: Readonly<Record<string, readonly Seat[]>> = {
    'workshop/spring/cohort/0': [seat('ann'), gone],
    'workshop/spring/cohort/1': [seat('bo')],
  };
  const getHandle = (id: string) => ({ query: async () => (id === 'workshop/spring' ? inForce : rosters[id]) });
  const activities = wordsFromRoomActivities({ notifier, temporal: { workflow: { getHandle } } } as never);
  return { sent, tell: (words: WordsFromRoom) => activities.tellRoom(RUN, words) };
}

test('everybody who takes part is written to, once a text', async () => {
  const { sent, tell } = room();
  expect(await tell({ text: 'Lunch at one' })).toEqual({ people: 2, leaves: true });
  await tell({ text: 'Lunch at one' });
  expect([...sent.values()].map(({ to, subject, text, by }) => [to, subject, text, by?.group])).toEqual([
    ['ann@example.com', '[Spring] Lunch at one', 'Lunch at one', 'attendees'],
    ['bo@example.com', '[Spring] Lunch at one', 'Lunch at one', 'attendees'],
  ]);
  await tell({ text: 'Lunch at two' });
  expect(sent.size).toBe(4);
});

test('one person is written to, if they are on the roster; a long text has a short subject', async () => {
  const { sent, tell } = room();
  const text = `${'long '.repeat(40)}\nand more`;
  await tell({ text, to: 'bo@example.com' });
  const [message] = sent.values();
  expect(message).toMatchObject({ to: 'bo@example.com', text });
  expect(message?.subject.length).toBeLessThan(100);
  for (const to of ['gone@example.com', 'nobody@example.com'])
    expect(await failureOf(tell({ text, to }))).toMatchObject({ type: 'NOT_ON_THE_ROSTER', nonRetryable: true });
  expect(sent.size).toBe(1);
});

test('without a channel it lies in the folder, and that is said', async () => {
  const { sent, tell } = room({ sends: false });
  expect(await tell({ text: 'Hello', to: 'ann@example.com' })).toEqual({ people: 1, leaves: false });
  expect([...sent.values()][0]).not.toHaveProperty('by');
});
