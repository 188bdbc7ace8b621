import { expect, it } from 'vitest';
import { whyPage, type Why } from '../../../src/cli/pages/why-page.ts';
import { PLAIN } from '../../../src/cli/terminal/style.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { START } from '../sample-progress.ts';

const MINUTE = 60_000;
const diagnosis = {
  class: 'stockout',
  cause: 'The cloud has no such machine left at the moment (CLOUD_PROVIDER_RESOURCE_STOCKOUT: none in this zone).',
  toDo: 'Nothing: other machine types are tried by themselves. If that lasts, name others in compute.fallbacks.',
  remedy: 'other-node-type',
} as const;
const why: Why = {
  id: 'spring-apps',
  seat: {
    ...newSeat('k', 'ann@example.com', 'attendee', 1),
    state: 'failed',
    failures: 2,
    clusters: 1,
    diagnosis,
    lost: { launches: 2, last: diagnosis },
    failedLaunches: { inARow: 2, class: 'stockout', cause: diagnosis.cause, at: START, onEveryMachine: false },
    cluster: {
      id: '0316-080000-abcdefgh',
      name: 'claude-code-workshop-spring-apps-ann',
      state: 'TERMINATED',
      shared: true,
      verified: false,
      launchedAt: START - 10 * MINUTE,
      option: 0,
    },
  },
  timeZone: 'Europe/Berlin',
  now: START,
  next: { words: 'It is tried again by itself:', at: START + 2 * MINUTE },
  history: {
    attempts: [
      { at: START - 24 * 60 * MINUTE, what: 'create', failed: 'POST /api/2.1/clusters/create: 503' },
      { at: START - 10 * MINUTE, what: 'create' },
      { at: START - 5 * MINUTE, what: 'news', state: 'TERMINATED', failed: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT' },
      { at: START - MINUTE, what: 'asked' },
    ],
    isCutOff: true,
  },
  evidence: {
    state: 'TERMINATED',
    events: [{ at: START - 5 * MINUTE, type: 'TERMINATING', said: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT: none here' }],
    initLog: { path: '/Volumes/main/default/logs/0316/init.log', lines: ['+3s FAILED (12): no npm'] },
    missing: [],
  },
  messages: [],
  isGone: false,
};
const page = (more: Partial<Why> = {}) => whyPage({ ...why, ...more }, PLAIN, 80);

it('says cause, what to do, what comes next and when, what was tried, and what the workspace says', () => {
  const text = page().join('\n');
  // A command is one line, to be copied.
  const prose = page().filter((line) => !/^ +databricks /.test(line));
  for (const line of prose) expect(line.length).toBeLessThanOrEqual(80);
  expect(text).toMatch(/^ann@example\.com: failed, something is wrong\.\nTimes are those of Europe\/Berlin\.\n/);
  const flat = text.replaceAll(/\s+/g, ' ');
  for (const said of [
    'What is wrong The cloud has no such machine left',
    'What to do: Nothing: other machine types',
    'It is tried again by itself: Tue 16 Mar 2027, 09:02 (in 2 min).',
    'At once: bin/workshop retry spring-apps ann@example.com',
    'databricks ssh setup --profile workshop-spring-apps --name workshop-spring-apps --cluster 0316-080000-abcdefgh',
    '1 cluster made, 2 failures since it was last well, 2 launches lost, 2 failed in a row.',
    'What was tried first is no longer known',
    'Mon 15 09:00:00 asking for a cluster failed: POST /api/2.1/clusters/create: 503',
    '08:55:00 seen TERMINATED: CLOUD_PROVIDER_RESOURCE_STOCKOUT',
    '08:59:00 somebody asked for another try',
    'What the workspace says now TERMINATED 08:55:00 TERMINATING: CLOUD_PROVIDER',
    '/Volumes/main/default/logs/0316/init.log +3s FAILED (12): no npm',
  ])
    expect(flat).toContain(said);
});

it('promises nothing when nothing goes on by itself, and says what could not be read', () => {
  expect(page({ isGone: true }).join(' ')).toContain('Nothing by itself: the lifecycle of this workshop has ended');
  const missing = ['Its events were not read.'];
  expect(page({ evidence: { events: [], missing } }).join(' ')).toContain('Its events were not read.');
  expect(page({ history: { silence: 'It is encrypted.' } }).join(' ')).toContain('is not known: It is encrypted.');
});

it('says what has become of letters, and how one is sent again', () => {
  const text = page({
    messages: [
      {
        key: 'ann@example.com-invitation',
        to: 'ann@example.com',
        subject: 'Please prepare',
        group: 'attendees',
        attachments: [],
        plan: { language: 'en', attendees: ['mail'], facilitators: [], admin: [] },
        title: 'Spring',
        askedAt: 0,
        generation: 0,
        deliveries: { mail: { is: 'refused', at: 0, words: '550 no such mailbox' } },
      },
    ],
  }).join('\n');
  expect(text).toMatch(/Messages\n +Please prepare: mail: refused\. .*550 no such mailbox/);
  expect(text.replace(/\s+/g, ' ')).toContain('workshop messages resend');
});
