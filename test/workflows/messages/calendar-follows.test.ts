import ICAL from 'ical.js';
import { expect, it, onTestFinished } from 'vitest';
import { MailServer, type Mail } from '../../messages/mail-server.ts';
import { workshop } from '../../cli/run-cli.ts';
import { eventually } from '../stage/eventually.ts';
import { RealStack } from '../stage/real-stack.ts';

const PEOPLE = 3;
const LONG = 240_000;
const A_DAY = 86_400_000;

interface Entry {
  readonly to: string;
  readonly uid: string;
  readonly method: string;
  readonly sequence: number;
  readonly start: number;
}

/** The calendar entry that a mail carries. */
function entryOf({ to, raw }: Mail): Entry[] {
  const part = /Content-Type: text\/calendar[^]*?\r\n\r\n([^]*?)\r\n--/i.exec(raw)?.[1];
  if (part === undefined) return [];
  const text = /BEGIN:VCALENDAR/.test(part) ? part : Buffer.from(part, 'base64').toString('utf8');
  const calendar = new ICAL.Component(ICAL.parse(text.replace(/=\r\n/g, '').replace(/=3D/g, '=')));
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined);
  return [
    {
      to: to[0] ?? '',
      uid: event.uid,
      method: String(calendar.getFirstPropertyValue('method')),
      sequence: event.sequence,
      start: event.startDate.toJSDate().getTime(),
    },
  ];
}

it("a date that moves changes everybody's calendar entry, once, and a call-off takes it out", async () => {
  const stack = await RealStack.start({ people: PEOPLE });
  onTestFinished(() => stack.stop());
  const mail = await MailServer.start();
  onTestFinished(() => mail.stop());
  const id = await stack.open({}, { messages: mail.plan(), blocking: [] }, { soonerMs: -600_000 });
  stack.report(id).catch(() => {});
  const entries = (method: string, count: number) =>
    eventually(async () => {
      const found = mail.books.flatMap(entryOf).filter((entry) => entry.method === method);
      expect(found).toHaveLength(count);
      return found;
    }, LONG);
  const invited = await entries('REQUEST', PEOPLE);
  expect(invited.map(({ to }) => to).toSorted()).toEqual([...stack.people].toSorted());
  const { timeline } = (await stack.client.look(id)).about ?? {};
  if (!timeline) throw new Error('nothing is recorded');
  expect(invited.map(({ start }) => start)).toEqual(invited.map(() => Math.floor(timeline.start / 1_000) * 1_000));

  const moved = Object.fromEntries(Object.entries(timeline).map(([name, at]) => [name, at + A_DAY])) as typeof timeline;
  await stack.client.reschedule(id, { by: 'Ann', timeline: moved });
  const both = await entries('REQUEST', 2 * PEOPLE);
  for (const [to, of] of Map.groupBy(both, (entry) => entry.to)) {
    expect(new Set(of.map(({ uid }) => uid)).size, to).toBe(1);
    const [before, after] = of;
    expect(after?.sequence, to).toBeGreaterThan(before?.sequence ?? Infinity);
    expect((after?.start ?? 0) - (before?.start ?? 0)).toBe(A_DAY);
  }

  await stack.client.cancel(id, { by: 'Ann', reason: 'nobody has time' });
  const off = await entries('CANCEL', PEOPLE);
  expect(new Set(off.map(({ uid }) => uid))).toEqual(new Set(invited.map(({ uid }) => uid)));

  const { stdout, code } = await workshop(['messages', 'list', id], stack.env);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/ accepted\n/) as string });
  expect(mail.books.map(({ messageId }) => messageId)).toEqual([
    ...new Set(mail.books.map(({ messageId }) => messageId)),
  ]);
});
