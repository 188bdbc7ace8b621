import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { fairShare, outboxAddress, type Queues } from '../domain/replayed/made/addresses.ts';
import { MESSAGES, WORKFLOWS } from '../domain/replayed/made/temporal-names.ts';
import type { Kept, Posted } from '../domain/replayed/outbox/outbox.ts';
import { packedList, type Packed } from '../domain/replayed/outbox/packed.ts';
import { OUTBOXES, outboxesOf } from '../domain/replayed/outbox/places.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { FolderNotifier } from './folder.ts';
import { GatheredPosts } from './gathered-posts.ts';
import type { Message, Notifier, Sender } from './notifier.ts';
import type { PageLinks } from './page-links.ts';

export interface OutboxParts {
  readonly folder: FolderNotifier;
  readonly temporal: Client;
  readonly queues: Queues;
  readonly pace: Pace;
  /** Seals the links in the copies; undefined: there are none. */
  readonly pages?: PageLinks | undefined;
}

/** Letters to attendees wait so long for others, milliseconds: at a fast clock as long as some take to be written. */
const GATHERED_FOR = 700;
const GATHERED_FOR_AT_LEAST = 300;

/** Puts messages into the outbox, which hands them over to the channels of the plan; and a copy into the folder. */
export class OutboxNotifier implements Notifier {
  readonly #parts: OutboxParts;
  /** By run: a run's outboxes begin with what it is. */
  readonly #gathered = new Map<string, GatheredPosts>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Idempotent: the outbox knows what it has by name. Returns where the copy lies. */
  async deliver(run: Sender, name: string, message: Message): Promise<string> {
    if (message.by !== undefined) await this.#post(run, name, { ...message, by: message.by });
    const { folder, pages } = this.#parts;
    // You send it from there where the plan names no channel: that one must open the page.
    const text = pages ? await pages.sealed(run, message.to, message.text) : message.text;
    return folder.deliver(run, name, { ...message, text });
  }

  async #post(
    run: Sender,
    name: string,
    { to, subject, text, attachments, calendar, by }: Message & Required<Pick<Message, 'by'>>,
  ): Promise<void> {
    const posted: Posted = {
      key: name,
      to,
      subject,
      text,
      ...by,
      attachments: (attachments ?? []).map((one) => one.name),
      ...(calendar === undefined ? {} : { calendar }),
    };
    const outboxes = outboxesOf(run.runId);
    const address = outboxAddress(run.workshopId, outboxOf(to, outboxes ?? OUTBOXES));
    // Outboxes that an earlier version began may be in the hands of one of its workers, which knows one way only.
    if (outboxes === undefined) return this.#signal(run, address, MESSAGES.post, posted);
    const waitMs = Math.max(GATHERED_FOR / this.#parts.pace.speed, GATHERED_FOR_AT_LEAST);
    const gathered =
      this.#gathered.get(run.runId) ??
      new GatheredPosts(waitMs, (to, some) => this.#signal(run, to, MESSAGES.postSome, packedList(some.map(asKept))));
    this.#gathered.set(run.runId, gathered);
    // An alarm does not wait.
    await gathered.post(address, posted, posted.group !== 'attendees');
  }

  async #signal(run: Sender, workflowId: string, signal: string, posted: Posted | Packed): Promise<void> {
    const { temporal, queues, pace } = this.#parts;
    await temporal.workflow.signalWithStart(WORKFLOWS.outbox, {
      workflowId,
      ...fairShare(run.workshopId),
      taskQueue: queues.workflows,
      args: [
        {
          v: 1,
          run,
          queues,
          pace,
          outbox: {},
          oneTimer: true,
          ...(outboxesOf(run.runId) === undefined ? {} : { inBatches: true }),
        },
      ],
      signal,
      signalArgs: [posted],
    });
  }
}

/** The outbox itself says when it was asked for, and by which channels it leaves. */
const asKept = (posted: Posted): Kept => ({ ...posted, askedAt: 0, generation: 0, deliveries: {} });

/** All that goes to one address is in one of them. */
export const outboxOf = (to: string, outboxes: number): number =>
  (createHash('sha256').update(to).digest()[0] ?? 0) % outboxes;
