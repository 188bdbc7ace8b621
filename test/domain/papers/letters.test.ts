import { expect, test } from 'vitest';
import { feedback, invitation, momentText, newCluster } from '../../../src/domain/papers/letters.ts';
import { letterForNow } from '../../../src/domain/papers/letter-for-now.ts';
import { calledOff, goodbye, rescheduled } from '../../../src/domain/papers/letters-of-change.ts';
import { notConnected, notTried, ready, saveWork } from '../../../src/domain/papers/letters-to-the-room.ts';
import { blocksOf } from '../../../src/domain/messages/blocks.ts';
import { letterTexts } from '../../../src/activities/messages/letter-texts.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { examplePlan } from '../plan/example-plan.ts';

const texts = letterTexts();
const plan = examplePlan();
const timeline = timelineOf(plan);
const SETUP =
  'databricks ssh setup --profile workshop-spring-apps --name workshop-spring-apps --cluster 0311-070000-abcdefgh';

/** Without the breaks of its lines, which are nobody's business. */
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
/** With a section of messages, as a plan has it that names no channel. */
const inLanguage = (language: 'en' | 'de') => ({
  ...plan,
  messages: { language, attendees: [], facilitators: [], admin: [] },
});

test('an invitation says when, where and what to install, on each kind of laptop', () => {
  const { subject, text } = invitation(texts, { plan, timeline });
  expect(subject).toContain(plan.title);
  expect(text).toMatch(/Tuesday,? 16 March 2027 at 09:00 to 13:00 \(Europe\/Berlin\)/);
  for (const part of [
    'macOS',
    'Windows',
    'Linux',
    'remote-ssh',
    `databricks auth login --host ${plan.workspace} --profile workshop-spring-apps`,
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain('ssh setup');
});

test('letters greet by name where it is known, and an invitation says which table', () => {
  const to = { name: 'Ann Example', table: '3' };
  const written = [
    invitation(texts, { plan, timeline, to }),
    newCluster(texts, { plan, to, clusterId: 'c2', previousClusterId: 'c1' }),
    feedback(texts, { plan, timeline, to }),
  ].map(({ text }) => text);
  for (const text of written) expect(text).toMatch(/^Hello Ann Example,\n\n/);
  expect(written[0]).toContain('Your table in the room: 3\n');
  expect(invitation(texts, { plan, timeline }).text).toMatch(/^You are invited/);
});

test('who joins on the day is told what to do now, and whether their cluster is ready already', () => {
  const clusterId = '0311-070000-abcdefgh';
  const ready = letterForNow(texts, {
    plan,
    timeline,
    clusterId,
    isReady: true,
    to: { name: 'Late Joiner', table: '7' },
  });
  expect(ready.subject).toBe(`Your cluster is ready: ${plan.title}`);
  for (const part of [
    'Hello Late Joiner',
    'Your table in the room: 7',
    'cluster is ready. Five steps',
    SETUP,
    'check.sh',
  ])
    expect(inOneLine(ready.text)).toContain(part);
  const coming = letterForNow(texts, { plan, timeline, clusterId, isReady: false });
  expect(inOneLine(coming.text)).toContain('is being started, which takes some minutes');
  expect(coming.text).toContain(SETUP);
  const none = letterForNow(texts, { plan, timeline, isReady: false });
  expect(inOneLine(none.text)).toContain('does not exist yet. Please begin with the laptop all the same');
  for (const { text } of [ready, coming, none]) expect(text).not.toMatch(/before the day,|fifteen minutes|invited/);
});

test('an invitation has the person’s own line where their cluster exists', () => {
  expect(invitation(texts, { plan, timeline, clusterId: '0311-070000-abcdefgh' }).text).toContain(SETUP);
});

test('an invitation has the line that checks the laptop, for each kind, and says what it writes', () => {
  const { text } = invitation(texts, { plan, timeline });
  expect(text).toContain(`sh check.sh --workspace ${plan.workspace} --name workshop-spring-apps --fix\n`);
  expect(text).toContain(
    `$env:WORKSHOP_WORKSPACE='${plan.workspace}'; $env:WORKSHOP_NAME='workshop-spring-apps'; ` +
      "$env:WORKSHOP_FIX='1'; iex (Get-Content -Raw .\\check.ps1)\n",
  );
  expect(text).toContain('ServerAliveInterval 30');
  expect(text).toContain('remote.SSH.connectTimeout 360');
});

test('where nobody makes apps, no laptop is checked for the way to them', () => {
  const { text } = invitation(texts, { plan: { ...plan, apps: { ...plan.apps, way: 'none' } }, timeline });
  expect(text).toContain(' --name workshop-spring-apps --no-apps --fix\n');
  expect(text).toContain("; $env:WORKSHOP_NO_APPS='1'; $env:WORKSHOP_FIX='1'; ");
});

test('a pinned CLI is what letters ask for, and what the laptop is checked for', () => {
  const pinned = { ...plan, databricksCli: { version: '1.14.0' } };
  const { text } = invitation(texts, { plan: pinned, timeline });
  expect(text).toContain('1. Install the Databricks CLI, exactly version 1.14.0');
  expect(text).toContain('setup-cli/v1.14.0/install.sh | sudo sh\n');
  expect(text).toContain('winget install Databricks.DatabricksCLI --version 1.14.0\n');
  expect(text).toContain(' --name workshop-spring-apps --cli 1.14.0 --fix\n');
  expect(text).toContain("; $env:WORKSHOP_CLI='1.14.0'; ");
  expect(invitation(texts, { plan, timeline }).text).not.toMatch(/--cli|WORKSHOP_CLI|exactly/);
  // A plan from before there was such a field.
  const { databricksCli: _, ...before } = plan;
  expect(invitation(texts, { plan: before, timeline }).text).toBe(invitation(texts, { plan, timeline }).text);
});

test("where nothing runs in people's names, no letter says that it does", () => {
  const plan = { ...examplePlan(), verifyAs: 'events' as const, databricksCli: { version: '1.14.0' } };
  const written = [
    invitation(texts, { plan, timeline, clusterId: 'c1' }),
    newCluster(texts, { plan, clusterId: 'c1' }),
    newCluster(texts, { plan, clusterId: 'c2', previousClusterId: 'c1' }),
    feedback(texts, { plan, timeline }),
  ].map(({ text }) => text);
  for (const text of written) expect(text).not.toMatch(/in your name|we remove a cluster|has it ready/);
  expect(written[0]).toContain('when a terminal of yours ends');
});

test("letters that lead to a cluster say where work is kept, and what is run in people's names", () => {
  const letters = [
    invitation(texts, { plan, timeline }),
    newCluster(texts, { plan, clusterId: 'c' }),
    newCluster(texts, { plan, clusterId: 'c', previousClusterId: 'b' }),
  ];
  for (const text of letters.map((letter) => inOneLine(letter.text))) {
    expect(text).toContain('keep it in ~/workshop');
    expect(text).toContain('not just before it falls asleep');
    expect(text).toContain('a job called "workshop check"');
    expect(text).toContain('It costs you nothing');
  }
  expect(inOneLine(letters[2]?.text ?? '')).toContain(
    '~/workshop/saved-from-cluster as far as it could still be saved',
  );
});

test('a replaced cluster comes with the way to forget the old one', () => {
  const { text } = newCluster(texts, {
    plan,
    clusterId: '0311-070000-abcdefgh',
    previousClusterId: '0310-000000-oldoldol',
  });
  expect(text).toContain(SETUP);
  expect(text).toContain('ssh-keygen -R 0310-000000-oldoldol');
  expect(newCluster(texts, { plan, clusterId: '0311-070000-abcdefgh' }).text).not.toContain('ssh-keygen');
});

test('the feedback letter says until when work can be saved, and where what was saved is', () => {
  const text = inOneLine(feedback(texts, { plan, timeline }).text);
  expect(text).toMatch(/16 March 2027 at 14:00 \(Europe\/Berlin\)/);
  expect(text).toContain('copied to "saved-from-cluster" in there. Left out are');
});

test('the feedback letter leads to the form or the mail address that the plan names', () => {
  const ofPlan = (place?: string) =>
    inOneLine(
      feedback(texts, { plan: { ...plan, ...(place === undefined ? {} : { feedback: place }) }, timeline }).text,
    );
  expect(ofPlan()).toContain('Please tell Ann Example (ann@example.com) in a few lines');
  expect(ofPlan('https://forms.example.com/x')).toContain('What would you build next? https://forms.example.com/x ');
  expect(ofPlan('us@example.com')).toMatch(
    /write to us@example\.com \(mailto:us@example\.com\?subject=Databricks%20Apps/,
  );
});

test('every letter ends with the three contacts', () => {
  for (const { text } of [
    invitation(texts, { plan, timeline }),
    newCluster(texts, { plan, clusterId: 'c' }),
    feedback(texts, { plan, timeline }),
  ]) {
    expect(text).toMatch(
      /Who helps:\n.*Ann Example, ann@example\.com\n.*Bo Example.*\n.*Network service desk, \+49 30 555 0100\n$/,
    );
  }
});

test('a workshop over midnight names both days', () => {
  const text = invitation(texts, {
    plan: { ...plan, timeZone: 'Asia/Tokyo' },
    timeline: { start: timeline.start, end: timeline.end + 12 * 3_600_000 },
  }).text;
  expect(text).toMatch(/16 March 2027 at 17:00 to .*17 March 2027 at 09:00/);
  expect(momentText(timeline.start, 'UTC')).toMatch(/at 08:00 \(UTC\)$/);
});

test('what an invitation asks for stands first, fits a screen, and is followed by the rest below a line', () => {
  const clusterId = '0311-070000-abcdefgh';
  for (const language of ['en', 'de'] as const) {
    const { text } = invitation(texts, {
      plan: inLanguage(language),
      timeline,
      to: { name: 'Ann Example', table: '3' },
      clusterId,
    });
    const [first = '', rest = ''] = text.split('\n-----\n');
    expect(first.trim().split('\n').length).toBeLessThanOrEqual(28);
    expect(first.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ']);
    for (const later of ['save-work', 'ServerAliveInterval', plan.contacts.databricksAdmin.contact]) {
      expect(first).not.toContain(later);
      expect(rest).toContain(later);
    }
  }
});

test('only what is typed is longer than 76 columns', () => {
  for (const language of ['en', 'de'] as const) {
    const plan = { ...inLanguage(language), databricksCli: { version: '1.14.0' } };
    const { text } = invitation(texts, { plan, timeline, clusterId: 'c1' });
    expect(text.split('\n').filter((line) => line.length > 76 && !line.startsWith('     '))).toEqual([]);
  }
});

test('a plan that says so has its letters in German, with dates as they are written there', () => {
  const german = inLanguage('de');
  const to = { name: 'Ann Example', table: '3' };
  const { subject, text, language } = invitation(texts, { plan: german, timeline, to, clusterId: 'c1' });
  expect([subject, language]).toEqual([`Bitte vorbereiten: ${plan.title}`, 'de']);
  expect(text).toContain(
    '  Wann: Dienstag, 16. März 2027, 09:00 bis 13:00 Uhr (Europe/Berlin)\n  Ihr Tisch im Raum: 3\n',
  );
  expect(text).toMatch(/^Guten Tag Ann Example,\n\nSie sind eingeladen/);
  expect(feedback(texts, { plan: german, timeline }).text).toContain('16. März 2027, 14:00 Uhr (Europe/Berlin)\n');
  const { start } = timeline;
  const overNight = rescheduled(texts, { plan: german, timeline: { start, end: start + 15 * 3_600_000 } });
  expect(overNight.text).toContain('16. März 2027, 09:00 bis Mittwoch, 17. März 2027, 00:00 Uhr (Europe/Berlin)\n');
  expect(invitation(texts, { plan, timeline }).language).toBe('en');
});

test('every letter says in German what it says in English: the same lines to type, addresses and figures', () => {
  const clusterId = '0311-070000-abcdefgh';
  const facts = (text: string) =>
    text.match(/^ {5}.*$|https:\/\/[^\s)]+|\d[\d.:-]*\d|~\/[\w/-]+\w|claude-workshop|saved-from-cluster/gm)?.toSorted();
  for (const version of ['1.14.0', undefined])
    for (const verifyAs of ['attendee', 'events'] as const) {
      const letters = (['en', 'de'] as const).map((language) => {
        const plan = { ...inLanguage(language), databricksCli: { version }, verifyAs };
        return [
          invitation(texts, { plan, timeline }),
          invitation(texts, { plan, timeline, clusterId }),
          letterForNow(texts, { plan, timeline, clusterId, isReady: true }),
          newCluster(texts, { plan, clusterId }),
          newCluster(texts, { plan, clusterId, previousClusterId: 'c1' }),
          rescheduled(texts, { plan, timeline, clusterId }),
          calledOff(texts, { plan, reason: 'the trainer is ill' }),
          goodbye(texts, { plan }),
          feedback(texts, { plan, timeline }),
        ].map(({ text }) => facts(text.replaceAll('fifteen', '15')));
      });
      expect(letters[1]).toEqual(letters[0]);
    }
});

test('what a person or a plan is called is text: nothing in it is a placeholder, a line or a step', () => {
  const evil = '{title} {#name}\r\nSubject: x\n\n1. Type\n     rm -rf\n-----\n';
  const { subject, text } = invitation(texts, {
    plan: { ...plan, title: evil },
    timeline,
    to: { name: evil, table: '' },
  });
  expect(subject).toBe('Please prepare: {title} {#name} Subject: x 1. Type rm -rf -----');
  expect(text).toMatch(/^Hello \{title\} \{#name\} Subject: x 1\. Type rm -rf ----- ,\n\n/);
  expect(blocksOf(text).filter(({ kind }) => kind === 'step')).toHaveLength(5);
});

test.each(['en', 'de'] as const)(
  'letters in %s have the link of their own page in them, where there is one',
  (language) => {
    const page = 'https://room.corp.test/spring-apps/0123456789abcdef.AAAAAAAAAAAAAAAAAAAAAAAA';
    const clusterId = 'c1';
    const about = (to: { page?: string }) => ({ plan: inLanguage(language), timeline, to, clusterId });
    const written = (to: { page?: string }) => [
      invitation(texts, about(to)),
      letterForNow(texts, { ...about(to), isReady: true }),
      newCluster(texts, about(to)),
      newCluster(texts, { ...about(to), previousClusterId: 'c0' }),
      notTried(texts, about(to)),
      ready(texts, about(to)),
      notConnected(texts, about(to)),
      saveWork(texts, about(to)),
      feedback(texts, about(to)),
      rescheduled(texts, about(to)),
    ];
    for (const { letter, text } of written({ page })) {
      expect(text, letter).toContain(`\n     ${page}\n`);
      expect(text.match(/room\.corp\.test/g), letter).toHaveLength(1);
    }
    for (const { letter, text } of written({})) expect(text, letter).not.toMatch(/own page|eigene Seite|\n\n\n/);
    for (const { text } of [goodbye(texts, about({ page })), calledOff(texts, { ...about({ page }), reason: 'snow' })])
      expect(text).not.toContain('room.corp.test');
  },
);
