import { request, type IncomingHttpHeaders } from 'node:http';
import { expect, test, vi } from 'vitest';
import { NoAnswer } from '../../src/temporal/client-errors.ts';
import { SampleWorkshop, seatOf } from './sample-room.ts';

test('whoever runs it sees how it stands, everybody in the room, and who asks for help', async () => {
  const workshop = new SampleWorkshop();
  const [ann] = workshop.seats;
  workshop.room = { ...workshop.room, hands: [{ key: ann?.key ?? '', at: Date.now(), from: 'page', words: 'stuck' }] };
  const room = await workshop.served();
  const { status, text } = await room.get(room.facilitator);
  expect(status).toBe(200);
  for (const part of [
    '2 of 2 ready',
    'Ann',
    'ben',
    'Table 1',
    'stuck',
    'Extend by 30 minutes',
    'Ann Lead, facilitator',
  ])
    expect(text).toContain(part);
  expect((await room.get(`${room.facilitator}/checklist`)).text).toContain('During');
  expect((await room.get(`${room.facilitator}/history`)).text).toContain('Ann: started it.');
  const wall = (await room.get(`${room.facilitator}/projector`)).text;
  expect(wall).toContain('<strong>2</strong> of 2 ready');
  expect(wall).not.toContain('ben');
});

test('a helper acts on seats, and not on the workshop', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const { text } = await room.get(`${room.helper}?seat=${workshop.seats[0]?.key}`);
  expect(text).toContain('Restart it');
  expect(text).not.toContain('Extend it');
  expect(text).not.toContain('Remove Ann');
  expect((await room.post(`${room.helper}/extend`)).status).toBe(403);
  expect((await room.post(`${room.helper}/seats/${workshop.seats[0]?.key}/remove`)).status).toBe(403);
  expect(workshop.acts).toEqual([]);
  expect((await room.post(`${room.helper}/seats/${workshop.seats[0]?.key}/restart`)).text).toContain(
    'Repair recorded.',
  );
  expect(workshop.acts).toEqual([
    { name: 'repair', input: { email: 'ann@example.com', by: 'Cy Helper', stage: 'restart' } },
  ]);
});

test('an attendee sees their own page, and nothing of anybody else', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const { status, text } = await room.get(room.seat('ann@example.com'), { 'user-agent': 'Mozilla (Windows NT 10.0)' });
  expect(status).toBe(200);
  expect(text).toContain('It runs.');
  expect(text.replaceAll(/<[^>]*>/g, '')).toContain('--cluster 1116-060000-sample1');
  expect(text.indexOf('check.ps1')).toBeLessThan(text.indexOf('check.sh'));
  expect(text).not.toContain('ben');
  for (const page of ['checklist', 'history', 'projector', 'projector/changes', 'checklist/events'])
    expect((await room.get(`${room.seat('ann@example.com')}/${page}`)).status).toBe(404);
  expect((await room.get(`${room.seat('ann@example.com')}/check.sh`)).text).toBe('#!/bin/sh\n');
});

test('a sleeping cluster is woken by its owner, a hand is raised, and a laptop check is read', async () => {
  const workshop = new SampleWorkshop();
  workshop.seats = [seatOf('ann@example.com', { state: 'asleep' })];
  const room = await workshop.served();
  const own = room.seat('ann@example.com');
  expect((await room.get(own)).text).toContain('Wake it now');
  expect((await room.post(`${own}/wake`)).text).toContain('It is being woken.');
  await room.post(`${own}/help`, { text: 'it hangs' });
  expect(workshop.acts.map(({ name }) => name)).toEqual(['repair', 'raiseHand']);
  expect(workshop.acts[1]?.input).toEqual({ key: workshop.seats[0]?.key, from: 'page', words: 'it hangs' });
  expect((await room.post(`${own}/laptop`, { code: 'XXXX' })).text).toContain('Nothing was done: ');
});

test('two who press the same at once do it once, and are both told', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const restart = `seats/${workshop.seats[0]?.key}/restart`;
  const answers = await Promise.all([
    room.post(`${room.helper}/${restart}`),
    room.post(`${room.facilitator}/${restart}`),
  ]);
  expect(workshop.acts).toHaveLength(1);
  expect(answers.filter(({ text }) => text.includes('did that a moment ago. repair recorded.'))).toHaveLength(1);
});

test('many who look cost the workshop what one costs, and nobody costs nothing', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  await room.get(room.facilitator);
  const before = workshop.asked.length;
  await Promise.all(Array.from({ length: 30 }, (_, n) => room.get(n % 2 ? room.facilitator : room.helper)));
  // One question more may have begun meanwhile, and no thirty.
  expect(workshop.asked.filter((name) => name === 'progress').length).toBeLessThanOrEqual(3);
  expect(workshop.asked.length).toBeLessThanOrEqual(before + 12);
});

test('a page that was loaded is told of what changes, as a stream and in turn', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const page = (await room.get(room.facilitator)).text;
  const mark = /data-mark="([^"]+)"/.exec(page)?.[1] ?? '';
  const stream = await fetch(`${room.facilitator}/events?mark=${mark}`, { headers: { accept: 'text/event-stream' } });
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const reading = (async () => {
    while (!heard.includes('asleep')) heard += (await reader?.read())?.value ?? '';
  })();
  workshop.seats = workshop.seats.map((seat, n) => (n === 0 ? { ...seat, state: 'asleep' } : seat));
  await reading;
  await reader?.cancel();
  expect(heard).toMatch(/event: changes/);
  expect(heard).toContain(`seat-${workshop.seats[0]?.key}`);
  expect(heard).not.toContain(`seat-${workshop.seats[1]?.key}\\"`);
  const polled = JSON.parse((await room.get(`${room.facilitator}/changes?mark=${mark}`)).text);
  expect(polled.regions.map(({ id }: { id: string }) => id)).toContain(`seat-${workshop.seats[0]?.key}`);
});

test('a stream tells of one change after the other, with nobody else looking', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const stream = await fetch(`${room.facilitator}/events`, { headers: { accept: 'text/event-stream' } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  for (const text of ['First.', 'Second.', 'Third.', 'Fourth.']) {
    workshop.room = { ...workshop.room, banner: { text, by: 'Ann Lead', at: Date.now() } };
    while (!heard.includes(text)) heard += (await reader?.read())?.value ?? '';
  }
  await reader?.cancel();
});

test('a workshop that does not answer is said to be so, and shown as it was last known', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  workshop.silence = new NoAnswer('No worker answers for "spring".');
  const first = await room.get(room.facilitator);
  expect(first.status).toBe(503);
  expect(first.text).toContain('cannot be asked at the moment');
  workshop.silence = undefined;
  expect((await room.get(room.facilitator)).status).toBe(200);
  workshop.silence = new NoAnswer('No worker answers for "spring".');
  await vi.waitFor(async () => expect((await room.get(room.facilitator)).text).toContain('Not known anew for'), {
    timeout: 20_000,
    interval: 500,
  });
});

test('what was chosen on the page is shown again after a press, and nothing else of its address', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const headers = {
    'sec-fetch-site': 'same-origin',
    referer: `${room.helper}?by=state&find=an&said=made-up&seat=another`,
  };
  // fetch lets nobody say where they come from.
  const { location } = await new Promise<IncomingHttpHeaders>((settle, fail) => {
    request(`${room.helper}/seats/${workshop.seats[0]?.key}/restart`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      settle(answer.headers);
    })
      .on('error', fail)
      .end();
  });
  const next = new URL(location ?? '', room.url).searchParams;
  expect([next.get('by'), next.get('find'), next.get('seat')]).toEqual(['state', 'an', workshop.seats[0]?.key]);
  expect(next.getAll('said')).not.toContain('made-up');
});
