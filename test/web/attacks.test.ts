import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/replayed/time/units.ts';
import { proxiesIn } from '../../src/web/guard/forwarded-identity.ts';
import { SampleWorkshop, seatOf } from './sample-room.ts';

const MARKUP = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>';

test('links that are forged, or of another key, run or workshop open nothing, and all answer the same', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const wrong = [
    `${room.url}/spring/f.AAAAAAAAAAAAAAAAAAAAAAAA`,
    `${room.url}/spring/f`,
    `${room.url}/spring/me`,
    room.link({ role: 'facilitator' }, {}, new Uint8Array(32).fill(8)),
    room.link({ role: 'facilitator' }, { runId: 'another' }),
    room.link({ role: 'facilitator' }, { generation: 2 }),
    room.link({ role: 'attendee', seat: '0000000000000000' }),
    room.link({ role: 'attendee', seat: workshop.seats[0]?.key ?? '' }, { seatGeneration: 2 }),
    room.facilitator.replace('/spring/', '/autumn/'),
    `${room.url}/..%2f..%2fetc/passwd`,
  ];
  const texts = new Set<string>();
  for (const address of wrong) {
    const { status, text } = await room.get(address);
    expect(status, address).toBe(404);
    texts.add(text);
    expect((await room.post(`${address}/banner`, { text: 'gotcha' })).status, address).toBe(404);
  }
  expect(texts.size).toBe(1);
  expect(workshop.acts).toEqual([]);
  // A higher generation in the plan revokes what was given before.
  workshop.plan = { ...workshop.plan, web: { generation: 2 } };
  await expect.poll(async () => (await room.get(room.facilitator)).status, { timeout: 30_000 }).toBe(404);
  expect((await room.get(room.link({ role: 'facilitator' }, { generation: 2 }))).status).toBe(200);
});

test('links end with their workshop: nothing can be done then, and a day later nothing is seen', async () => {
  const workshop = new SampleWorkshop();
  workshop.progress = { ...workshop.progress, status: 'finished' };
  const room = await workshop.served();
  const over = (await room.get(room.seat('ann@example.com'))).text;
  for (const part of ['I need help', 'ssh ', 'Copy']) expect(over).not.toContain(part);
  expect(over).toContain('Everything else went with the cluster.');
  expect((await room.post(`${room.facilitator}/banner`, { text: 'late' })).status).toBe(409);
  workshop.timeline.teardown = Date.now() - DAY - HOUR;
  await expect.poll(async () => (await room.get(room.facilitator)).status, { timeout: 30_000 }).toBe(404);
  expect(workshop.acts).toEqual([]);
});

test('an attendee can neither act for another seat nor for those who run it', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const [ann, ben] = [room.seat('ann@example.com'), workshop.seats[1]?.key];
  for (const act of [
    `seats/${ben}/restart`,
    `seats/${ben}/note`,
    `hands/${ben}/take`,
    'lines/all/retry',
    'banner',
    'extend',
  ])
    expect((await room.post(`${ann}/${act}`, { text: 'x' })).status, act).toBe(403);
  for (const act of ['constructor', '__proto__', 'nothing', 'seats/x/nothing'])
    expect((await room.post(`${ann}/${act}`)).status, act).toBe(404);
  expect(workshop.acts).toEqual([]);
});

test('a post that no page of ours made does nothing', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const press = `${room.facilitator}/banner`;
  for (const headers of [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'none' },
  ] as Record<string, string>[])
    expect((await room.post(press, { text: 'x' }, headers)).status, JSON.stringify(headers)).toBe(403);
  expect((await room.get(`${room.facilitator}/banner?text=x`)).status).toBe(404);
  expect(workshop.acts).toEqual([]);
  expect((await room.post(press, { text: 'x' }, { origin: room.url })).status).toBe(303);
});

test('markup in every field of a roster, a hand, a note, a banner and a search stays text', async () => {
  const workshop = new SampleWorkshop();
  const evil = seatOf('evil@example.com', {
    details: { name: MARKUP, table: MARKUP, role: MARKUP },
    proof: { kind: 'attendee', at: 1, ok: false, said: MARKUP },
    saved: { state: 'failed', at: 1, files: 1, said: MARKUP },
    diagnosis: { class: 'quota', remedy: 'person', cause: MARKUP, toDo: MARKUP },
    state: 'failed',
  });
  workshop.seats = [evil];
  workshop.plan = { ...workshop.plan, title: MARKUP, feedback: `https://example.com/"onclick="x` };
  workshop.room = {
    hands: [
      {
        key: evil.key,
        at: 1,
        from: 'terminal',
        words: MARKUP,
        checks: [{ id: MARKUP, state: 'failed', said: MARKUP }],
        takenBy: MARKUP,
      },
    ],
    done: [],
    notes: { [evil.key]: [{ by: MARKUP, at: 1, text: MARKUP }] },
    banner: { text: MARKUP, by: MARKUP, at: 1 },
    laptops: {},
    acts: [{ at: 1, by: MARKUP, what: MARKUP }],
  };
  const room = await workshop.served({
    evidence: async () => ({
      state: MARKUP,
      message: MARKUP,
      events: [{ at: 1, type: MARKUP, said: MARKUP }],
      initLog: { path: '/x', lines: [MARKUP] },
      missing: [MARKUP],
    }),
    history: async () => ({ deeds: [{ at: 1, who: MARKUP, what: MARKUP }], left: [MARKUP] }),
  });
  const find = encodeURIComponent(MARKUP);
  const pages = [
    `${room.facilitator}?seat=${evil.key}`,
    `${room.facilitator}?find=${find}&by=${find}&seat=${find}&said=${find}`,
    `${room.facilitator}/checklist`,
    `${room.facilitator}/history`,
    `${room.facilitator}/projector?names=yes`,
    room.link({ role: 'attendee', seat: evil.key }),
  ];
  for (const address of pages) {
    const { status, text } = await room.get(address);
    expect(status).toBe(200);
    expect(text, address).not.toContain('<script>alert');
    expect(text, address).not.toContain('<img');
    expect(text, address).not.toContain('"onclick');
  }
});

test('pages load nothing from elsewhere, run no script in them, and tell nobody where they are', async () => {
  const room = await new SampleWorkshop().served();
  const { headers, text } = await room.get(room.facilitator);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self'/);
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(text).not.toMatch(/ style=| on\w+=|javascript:/);
  expect([...text.matchAll(/(?:src|href)="(https?:[^"]*)"/g)].map(([, address]) => address)).toEqual([]);
});

test('many requests are refused, and the pages stay up', async () => {
  const workshop = new SampleWorkshop();
  const room = await workshop.served();
  const statuses: number[] = [];
  for (let wave = 0; wave < 20; wave += 1)
    statuses.push(
      ...(
        await Promise.all(
          Array.from({ length: 50 }, (_, n) =>
            room.get(n % 2 ? room.helper : `${room.url}/made-up-${wave}-${n}/f.AAAAAAAAAAAAAAAAAAAAAAAA`),
          ),
        )
      ).map(({ status }) => status),
    );
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(100);
  // Nor is Temporal asked about every id that somebody makes up.
  expect(workshop.asked.filter((name) => name === 'look').length).toBeLessThan(300);
  expect((await room.get(room.facilitator)).status).toBe(200);
  expect((await room.get(`${room.url}/healthz`)).text).toBe('ok\n');
});

test('who is signed in is believed from the proxy alone, and only where that was switched on', async () => {
  const workshop = new SampleWorkshop();
  const off = await workshop.served();
  const header = { 'x-forwarded-email': 'lead@example.com' };
  expect((await off.get(`${off.url}/spring/me`, header)).status).toBe(404);
  const elsewhere = await workshop.served({
    signedInBy: { header: 'x-forwarded-email', proxies: proxiesIn('10.0.0.0/8') },
  });
  expect((await elsewhere.get(`${elsewhere.url}/spring/me`, header)).status).toBe(404);
  const on = await workshop.served({ signedInBy: { header: 'x-forwarded-email', proxies: proxiesIn('127.0.0.1') } });
  expect((await on.get(`${on.url}/spring/me`, header)).text).toContain('Ann Lead, facilitator');
  expect((await on.get(`${on.url}/spring/me`, { 'x-forwarded-email': 'Cy@example.com' })).text).toContain(
    'Cy Helper, helper',
  );
  expect((await on.get(`${on.url}/spring/me`, { 'x-forwarded-email': 'ann@example.com' })).text).toContain(
    'Your cluster',
  );
  expect((await on.get(`${on.url}/spring/me`, { 'x-forwarded-email': 'nobody@example.com' })).status).toBe(404);
  expect((await on.get(`${on.url}/spring/me`)).status).toBe(404);
});

test('one link opens a bounded number of streams, and the page behind it stays there', async () => {
  const room = await new SampleWorkshop().served();
  const stop = new AbortController();
  // Held on to: an answer that nobody knows any more is closed.
  const answers: Response[] = [];
  for (let n = 0; n < 70; n += 1) {
    answers.push(await fetch(`${room.facilitator}/events`, { signal: stop.signal }));
    // Within what a link may ask for at all.
    if (n % 8 === 7) await new Promise((settle) => setTimeout(settle, 200));
  }
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  stop.abort();
  await expect.poll(async () => (await room.get(room.facilitator)).status, { timeout: 20_000 }).toBe(200);
});
