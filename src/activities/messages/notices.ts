import type { Plan } from '../../domain/plan/plan.ts';
import type { Group } from '../../domain/replayed/outbox/channels.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { by, type Message } from '../../messages/notifier.ts';

/** What one of the plan's contacts is told; without plan and group, as earlier versions asked, it is a file only. */
export interface Notice {
  readonly name: string;
  readonly message: Pick<Message, 'to' | 'subject' | 'text'>;
  readonly plan?: Pick<Plan, 'title' | 'messages'>;
  readonly group?: Group;
}

/** Telling people. */
export const noticeActivities = ({ notifier }: ActivityDeps) => ({
  /** Idempotent by name: the same notice again is the same letter. Returns where it went. */
  async notify(run: Run, { name, message, plan, group }: Notice): Promise<string> {
    return notifier.deliver(run, name, { ...message, ...(plan && group ? by(plan, group) : {}) });
  },
});
