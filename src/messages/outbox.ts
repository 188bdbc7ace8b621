import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { outboxAddress, type Queues } from '../domain/replayed/made/addresses.ts';
import { MESSAGES, WORKFLOWS } from '../domain/replayed/made/temporal-names.ts';
import { OUTBOXES, type Posted } from '../domain/replayed/outbox/outbox.ts';
import type { Pace } from '../domain/replayed/time/pace.ts';
import type { FolderNotifier } from './folder.ts';
import type { Message, Notifier, Sender } from './notifier.ts';

export interface OutboxParts {
  readonly folder: FolderNotifier;
  readonly temporal: Client;
  readonly queues: Queues;
  readonly pace: Pace;
}

/** Puts messages into the outbox, which hands them over to the channels of the plan; and a copy into the folder. */
export class OutboxNotifier implements Notifier {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Idempotent: the outbox knows what it has by name. Returns where the copy lies. */
  async deliver(run: Sender, name: string, message: Message): Promise<string> {
    if (message.by !== undefined) await this.#post(run, name, { ...message, by: message.by });
    return this.#parts.folder.deliver(run, name, message);
  }

  async #post(
    run: Sender,
    name: string,
    { to, subject, text, attachments, calendar, by }: Message & Required<Pick<Message, 'by'>>,
  ): Promise<void> {
    const { temporal, queues, pace } = this.#parts;
    const posted: Posted = {
      key: name,
      to,
      subject,
      text,
      ...by,
      attachments: (attachments ?? []).map((one) => one.name),
      ...(calendar === undefined ? {} : { calendar }),
    };
    await temporal.workflow.signalWithStart(WORKFLOWS.outbox, {
      workflowId: outboxAddress(run.workshopId, outboxOf(to)),
      taskQueue: queues.workflows,
      args: [{ v: 1, run, queues, pace, outbox: {} }],
      signal: MESSAGES.post,
      signalArgs: [posted],
    });
  }
}

/** All that goes to one address is in one of them. */
const outboxOf = (to: string): number => (createHash('sha256').update(to).digest()[0] ?? 0) % OUTBOXES;
