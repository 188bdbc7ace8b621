import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startWorkerProcess } from '../../../src/cli/rehearsal/embedded/worker-process.ts';
import { outboxAddress, queuesOf } from '../../../src/domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../../src/domain/replayed/made/temporal-names.ts';
import type { Kept, Outbox } from '../../../src/domain/replayed/outbox/outbox.ts';
import { OUTBOXES } from '../../../src/domain/replayed/outbox/places.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';
import { FolderNotifier } from '../../../src/messages/folder.ts';
import { OutboxNotifier } from '../../../src/messages/outbox.ts';
import { MailServer, type Treats } from '../../messages/mail-server.ts';
import { MAIN } from '../../cli/run-cli.ts';
import { RealStack } from '../stage/real-stack.ts';

const PEOPLE = 140;
const KILLS = 3;
const LONG = 240_000;

it.each([
  ['r1-o1', 'several handed over by one activity'],
  ['r1', 'one by one, as those that an earlier version began'],
])(
  'a server that is often busy, a worker that is killed three times: one letter for each of 140 (%s: %s)',
  async (runId) => {
    const stack = await RealStack.start({ people: 1 });
    onTestFinished(() => stack.stop());
    const folder = await mkdtemp(join(tmpdir(), 'workshop-post-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    // Every fifth attempt is refused for now, nobody's more than twice: each pause is twice as long as the one before.
    // One letter is taken, and its sender never hears of it.
    const refused: string[] = [];
    const treats: Treats = (n, to) => {
      if (n === 42) return 'take and hang up';
      if (n % 5 !== 0 || refused.filter((who) => who === to).length === 2) return 'take';
      refused.push(to);
      return 'busy';
    };
    const mail = await MailServer.start(treats);
    onTestFinished(() => mail.stop());
    const run = { workshopId: 'post', runId, workspaceId: stack.sandbox.workspaceId };
    const queues = queuesOf(stack.sandbox.url, stack.sandbox.workspaceId);
    const notifier = new OutboxNotifier({
      folder: new FolderNotifier(folder),
      temporal: stack.temporal,
      queues,
      pace: paceAt(60),
    });
    const people = Array.from({ length: PEOPLE }, (_, n) => `person${n + 1}@example.com`);
    const write = (to: string) =>
      notifier.deliver(run, `${to}-invitation`, {
        to,
        subject: 'Please prepare',
        text: `Dear ${to}`,
        by: {
          group: 'attendees',
          plan: mail.plan({ mail: { ...mail.plan().mail!, perMinute: 1_200 } }),
          title: 'Post',
        },
      });
    await Promise.all(people.map(write));

    let [worker] = stack.workers;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const before = mail.books.length;
      await vi.waitFor(() => expect(mail.books.length).toBeGreaterThan(before + 10), { timeout: LONG });
      process.kill(worker?.pid ?? 0, 'SIGKILL');
      await worker?.ended;
      worker = await startWorkerProcess({
        env: { ...stack.env, DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken },
        logFile: join(folder, `worker-${kill}.log`),
        entry: [MAIN, 'worker', '--folder', folder, '--speed', '60'],
      });
      const started = worker;
      onTestFinished(() => started.stop());
      // Asked for again, as an activity does whose answer was lost: it is the same letter.
      await Promise.all(people.slice(0, 30).map(write));
    }

    const outbox = async (): Promise<Kept[]> => {
      const parts = await Promise.all(
        Array.from({ length: OUTBOXES }, (_, n) =>
          stack.temporal.workflow
            .getHandle(outboxAddress('post', n))
            .query<Outbox>(MESSAGES.outbox)
            .catch(() => ({})),
        ),
      );
      return parts.flatMap((part) => Object.values(part));
    };
    const kept = await vi.waitFor(
      async () => {
        const all = await outbox();
        expect(all.filter(({ deliveries }) => deliveries.mail?.is === 'waiting')).toEqual([]);
        return all;
      },
      { timeout: LONG, interval: 1_000 },
    );

    expect(kept).toHaveLength(PEOPLE);
    const arrived = Map.groupBy(mail.books, ({ to }) => to[0] ?? '');
    for (const { to, deliveries } of kept) {
      const copies = arrived.get(to)?.length ?? 0;
      // What is in doubt is said to be: it may have arrived, and arrived no more than once.
      if (deliveries.mail?.is === 'in doubt') expect(copies, to).toBeLessThanOrEqual(1);
      else expect({ to, is: deliveries.mail?.is, copies }).toEqual({ to, is: 'accepted', copies: 1 });
    }
    const inDoubt = kept.filter(({ deliveries }) => deliveries.mail?.is === 'in doubt');
    expect(inDoubt.length, 'the one that was taken, and what each kill caught on its way').toBeGreaterThanOrEqual(1);
    expect(inDoubt.length).toBeLessThanOrEqual(1 + KILLS * 10);
    expect(new Set(mail.books.map(({ messageId }) => messageId)).size).toBe(mail.books.length);
  },
);
