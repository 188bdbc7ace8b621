import { expect, test } from 'vitest';
import { feedback, invitation, momentText, newCluster } from '../../../src/domain/papers/letters.ts';
import { letterForNow } from '../../../src/domain/papers/letter-for-now.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { examplePlan } from '../plan/example-plan.ts';

const plan = examplePlan();
const timeline = timelineOf(plan);
const SETUP =
  'databricks ssh setup --profile workshop-spring-apps --name workshop-spring-apps --cluster 0311-070000-abcdefgh';

test('an invitation says when, where and what to install, on each kind of laptop', () => {
  const { subject, text } = invitation({ plan, timeline });
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
  const texts = [
    invitation({ plan, timeline, to }),
    newCluster({ plan, to, clusterId: 'c2', previousClusterId: 'c1' }),
    feedback({ plan, timeline, to }),
  ].map(({ text }) => text);
  for (const text of texts) expect(text).toMatch(/^Hello Ann Example,\n\n/);
  expect(texts[0]).toContain('Your table: 3\n');
  expect(invitation({ plan, timeline }).text).toMatch(/^You are invited/);
});

test('who joins on the day is told what to do now, and whether their cluster is ready already', () => {
  const clusterId = '0311-070000-abcdefgh';
  const ready = letterForNow({ plan, timeline, clusterId, isReady: true, to: { name: 'Late Joiner', table: '7' } });
  expect(ready.subject).toBe(`Your cluster is ready: ${plan.title}`);
  for (const part of ['Hello Late Joiner', 'Your table: 7', 'cluster is ready. Five steps', SETUP, 'check.sh'])
    expect(ready.text).toContain(part);
  const coming = letterForNow({ plan, timeline, clusterId, isReady: false });
  expect(coming.text).toContain('is being started, which takes some minutes');
  expect(coming.text).toContain(SETUP);
  const none = letterForNow({ plan, timeline, isReady: false });
  expect(none.text).toContain('does not exist yet. Please begin with the laptop all the same');
  for (const { text } of [ready, coming, none]) expect(text).not.toMatch(/before the day,|fifteen minutes|invited/);
});

test('an invitation has the person’s own line where their cluster exists', () => {
  expect(invitation({ plan, timeline, clusterId: '0311-070000-abcdefgh' }).text).toContain(SETUP);
});

test('an invitation has the line that checks the laptop, for each kind, and says what it writes', () => {
  const { text } = invitation({ plan, timeline });
  expect(text).toContain(`sh check.sh --workspace ${plan.workspace} --name workshop-spring-apps --fix\n`);
  expect(text).toContain(
    `$env:WORKSHOP_WORKSPACE='${plan.workspace}'; $env:WORKSHOP_NAME='workshop-spring-apps'; ` +
      "$env:WORKSHOP_FIX='1'; iex (Get-Content -Raw .\\check.ps1)\n",
  );
  expect(text).toContain('ServerAliveInterval 30');
  expect(text).toContain('remote.SSH.connectTimeout 360');
});

test('a pinned CLI is what letters ask for, and what the laptop is checked for', () => {
  const pinned = { ...plan, databricksCli: { version: '1.14.0' } };
  const { text } = invitation({ plan: pinned, timeline });
  expect(text).toContain('1. Install the Databricks CLI, exactly version 1.14.0');
  expect(text).toContain('setup-cli/v1.14.0/install.sh | sudo sh\n');
  expect(text).toContain('winget install Databricks.DatabricksCLI --version 1.14.0\n');
  expect(text).toContain(' --name workshop-spring-apps --cli 1.14.0 --fix\n');
  expect(text).toContain("; $env:WORKSHOP_CLI='1.14.0'; ");
  expect(invitation({ plan, timeline }).text).not.toMatch(/--cli|WORKSHOP_CLI|exactly/);
  // A plan from before there was such a field.
  const { databricksCli: _, ...before } = plan;
  expect(invitation({ plan: before, timeline }).text).toBe(invitation({ plan, timeline }).text);
});

test("where nothing runs in people's names, no letter says that it does", () => {
  const plan = { ...examplePlan(), verifyAs: 'events' as const, databricksCli: { version: '1.14.0' } };
  const texts = [
    invitation({ plan, timeline, clusterId: 'c1' }),
    newCluster({ plan, clusterId: 'c1' }),
    newCluster({ plan, clusterId: 'c2', previousClusterId: 'c1' }),
    feedback({ plan, timeline }),
  ].map(({ text }) => text);
  for (const text of texts) expect(text).not.toMatch(/in your name|we remove a cluster|has it ready/);
  expect(texts[0]).toContain('when a terminal of yours ends');
});

test("letters that lead to a cluster say where work is kept, and what is run in people's names", () => {
  const letters = [
    invitation({ plan, timeline }),
    newCluster({ plan, clusterId: 'c' }),
    newCluster({ plan, clusterId: 'c', previousClusterId: 'b' }),
  ];
  for (const { text } of letters) {
    expect(text).toContain('keep it in ~/workshop');
    expect(text).toContain('not just before it falls asleep');
    expect(text).toContain('a job called "workshop check"');
    expect(text).toContain('It costs you nothing');
  }
  expect(letters[2]?.text).toContain('~/workshop/saved-from-cluster as far as it could still be saved');
});

test('a replaced cluster comes with the way to forget the old one', () => {
  const { text } = newCluster({ plan, clusterId: '0311-070000-abcdefgh', previousClusterId: '0310-000000-oldoldol' });
  expect(text).toContain(SETUP);
  expect(text).toContain('ssh-keygen -R 0310-000000-oldoldol');
  expect(newCluster({ plan, clusterId: '0311-070000-abcdefgh' }).text).not.toContain('ssh-keygen');
});

test('the feedback letter says until when work can be saved, and where what was saved is', () => {
  expect(feedback({ plan, timeline }).text).toMatch(/16 March 2027 at 14:00 \(Europe\/Berlin\)/);
  expect(feedback({ plan, timeline }).text).toContain('copied to "saved-from-cluster" in there. Left out are');
});

test('the feedback letter leads to the form or the mail address that the plan names', () => {
  const ofPlan = (place?: string) =>
    feedback({ plan: { ...plan, ...(place === undefined ? {} : { feedback: place }) }, timeline }).text;
  expect(ofPlan()).toContain('Please tell Ann Example (ann@example.com) in a few lines');
  expect(ofPlan('https://forms.example.com/x')).toContain('Please answer here:\n     https://forms.example.com/x\n');
  expect(ofPlan('us@example.com')).toMatch(/write to us@example\.com \(mailto:us@example\.com\?subject=How%20it%20was/);
});

test('every letter ends with the three contacts', () => {
  for (const { text } of [
    invitation({ plan, timeline }),
    newCluster({ plan, clusterId: 'c' }),
    feedback({ plan, timeline }),
  ]) {
    expect(text).toMatch(
      /Who helps:\n.*Ann Example, ann@example\.com\n.*Bo Example.*\n.*Network service desk, \+49 30 555 0100\n$/,
    );
  }
});

test('a workshop over midnight names both days', () => {
  const text = invitation({
    plan: { ...plan, timeZone: 'Asia/Tokyo' },
    timeline: { start: timeline.start, end: timeline.end + 12 * 3_600_000 },
  }).text;
  expect(text).toMatch(/16 March 2027 at 17:00 to .*17 March 2027 at 09:00/);
  expect(momentText(timeline.start, 'UTC')).toMatch(/at 08:00 \(UTC\)$/);
});
