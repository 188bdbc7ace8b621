import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Timeline } from '../../../src/domain/replayed/time/timeline.ts';
import { FolderNotifier } from '../../../src/messages/folder.ts';
import { ANN, detailOf, failureOf, openSetting } from '../setting.ts';

async function notifierInFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-letters-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const letters = join(folder, 'spring', 'letters');
  return { notifier: new FolderNotifier(folder), folder, letters };
}

const message = (text: string) => ({ to: ANN, subject: 'Please prepare', text });

describe('letters in a folder', () => {
  it('are text that can be sent as it is', async () => {
    const { notifier, letters } = await notifierInFolder();
    const file = await notifier.deliver({ workshopId: 'spring' }, `${ANN}-invitation`, message('Dear Ann'));
    expect(file).toBe(join(letters, 'ann@example.com-invitation.txt'));
    expect(await readFile(file, 'utf8')).toBe('To: ann@example.com\nSubject: Please prepare\n\nDear Ann\n');
  });

  it('are one each, however often they are delivered', async () => {
    const { notifier, letters } = await notifierInFolder();
    await notifier.deliver({ workshopId: 'spring' }, 'one', message('first'));
    const file = await notifier.deliver({ workshopId: 'spring' }, 'one', message('second'));
    expect(await readdir(letters)).toEqual(['one.txt']);
    expect(await readFile(file, 'utf8')).toContain('second');
  });

  it('stay in their folder, whatever they are called', async () => {
    const { notifier, folder, letters } = await notifierInFolder();
    const names = ['../../escape', '/etc/passwd', 'a\\b', 'new\nline', 'nul\0', '..', 'x'.repeat(400), 'ünïcödé'];
    for (const name of names) await notifier.deliver({ workshopId: 'spring' }, name, message(name));
    const files = await readdir(letters);
    expect(files).toHaveLength(names.length);
    for (const file of files) {
      expect(file).toMatch(/^[A-Za-z0-9@._+-]+\.txt$/);
      expect(file.length).toBeLessThan(255);
    }
    expect(await readdir(folder)).toEqual(['spring']);
    expect(await readdir(join(folder, 'spring'))).toEqual(['letters']);
  });

  it('of different people are different files, also when their names look alike in one', async () => {
    const { notifier, letters } = await notifierInFolder();
    const people = [
      'ann+test@example.com',
      'ann_test@example.com',
      'ann/test@example.com',
      'ann!test@example.com',
      `${'a'.repeat(200)}@example.com`,
      `${'a'.repeat(201)}@example.com`,
    ];
    for (const to of people)
      await notifier.deliver({ workshopId: 'spring' }, `${to}-invitation`, { to, subject: 'Please prepare', text: '' });
    const texts = await Promise.all((await readdir(letters)).map((file) => readFile(join(letters, file), 'utf8')));
    expect(texts.map((text) => /^To: (.*)$/m.exec(text)?.[1] ?? '').sort()).toEqual([...people].sort());
  });
});

describe('delivering a letter', () => {
  const start = Date.now() + 86_400_000;
  const timeline: Timeline = {
    twoWeeksBefore: start,
    oneWeekBefore: start,
    dayBefore: start,
    dayOf: start,
    start,
    end: start + 1,
    teardown: start + 2,
  };

  it('invites once, tells of a cluster once, and of the one that replaces it once', async () => {
    const { activities, run, plan, folder } = await openSetting();
    const letter = { plan, timeline, email: ANN };
    for (const _ of ['once', 'twice']) {
      await activities.deliverLetter(run, letter);
      await activities.deliverLetter(run, { ...letter, before: '', clusterId: '0316-080000-aaaa' });
      await activities.deliverLetter(run, { ...letter, before: '0316-080000-aaaa', clusterId: '0316-090000-bbbb' });
    }
    const letters = join(folder, plan.id, 'letters');
    const [shell = '', powershell = ''] = await Promise.all(
      ['check.sh', 'check.ps1'].map((name) => readFile(join(letters, name), 'utf8')),
    );
    expect(shell).toMatch(/^#!\/bin\/sh/);
    // Whole: nothing is read in from elsewhere, and the last part is there.
    for (const [check, end] of [
      [shell, /^fingerprint\(\)/m],
      [powershell, /^function Get-Fingerprint/m],
    ] as const) {
      expect(check).not.toMatch(/^ *\. /m);
      expect(check).toMatch(end);
    }
    const files = (await readdir(letters)).filter((name) => name.endsWith('.txt')).sort();
    // Beside them the two checks, and what the invitation puts into a calendar.
    expect(await readdir(letters)).toHaveLength(files.length + 3);
    expect(files).toEqual([
      'ann@example.com-0316-080000-aaaa.txt',
      'ann@example.com-0316-090000-bbbb.txt',
      'ann@example.com-invitation.txt',
    ]);
    const [first, second, invited] = await Promise.all(files.map((file) => readFile(join(letters, file), 'utf8')));
    expect(first).toContain('--cluster 0316-080000-aaaa');
    expect(second).toContain('--cluster 0316-090000-bbbb');
    expect(second).toContain('you have a new one');
    expect(invited).toContain('You are invited');
    expect([first, invited].map((text) => /^Attach: .*$/m.exec(text ?? '')?.[0])).toEqual([
      undefined,
      `Attach: check.sh, check.ps1, ${ANN}-invitation.ics`,
    ]);
  });

  it('is for now where somebody joins on the day', async () => {
    const { activities, run, plan, folder } = await openSetting();
    const today = Date.now();
    const onTheDay = { ...timeline, dayOf: today - 60_000, start: today + 300_000, end: today + 3_600_000 };
    const clusterId = '0316-080000-aaaa';
    await activities.deliverLetter(run, { plan, timeline: onTheDay, email: ANN, clusterId, isReady: true });
    const text = await readFile(join(folder, plan.id, 'letters', `${ANN}-${clusterId}.txt`), 'utf8');
    expect(text).toContain('Subject: Your cluster is ready: ');
    expect(text).toMatch(/^Attach: check\.sh, check\.ps1, .*\.ics$/m);
    expect(text).not.toContain('Please do this before the day');
  });

  it('says at once that the folder cannot be written, and which', async () => {
    const { activities, run, plan, folder } = await openSetting();
    await writeFile(join(folder, plan.id), 'a file where the folder should be');
    const failure = await failureOf(activities.deliverLetter(run, { plan, timeline, email: ANN }));
    expect(failure).toMatchObject({ type: 'LETTER_NOT_WRITTEN', nonRetryable: true });
    expect(failure.message).toContain(join(folder, plan.id, 'letters'));
    expect(detailOf(failure).toDo).toContain('write that folder');
  });

  it('notifies under a name of its own', async () => {
    const { activities, run, plan, folder } = await openSetting();
    const where = await activities.notify(run, {
      name: 'canary-failed',
      message: { to: 'lead@example.com', subject: 'The canary failed', text: 'Look at it.' },
    });
    expect(where).toBe(join(folder, plan.id, 'letters', 'canary-failed.txt'));
  });
});
