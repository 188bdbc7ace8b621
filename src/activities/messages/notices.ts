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
  /** Who gets the same by mail, where the group is written to by mail: a channel's post is there for everybody. */
  readonly also?: readonly string[];
}

/** Telling people. */
export const noticeActivities = ({ notifier }: ActivityDeps) => ({
  /** Idempotent by name: the same notice again is the same letter. Returns where it went. */
  async notify(run: Run, { name, message, plan, group, also = [] }: Notice): Promise<string> {
    const told = await notifier.deliver(run, name, { ...message, ...(plan && group ? by(plan, group) : {}) });
    if (plan?.messages && group && plan.messages[group].includes('mail')) {
      const byMail = by({ ...plan, messages: { ...plan.messages, [group]: ['mail'] } }, group);
      for (const to of also.filter((one) => one !== message.to))
        await notifier.deliver(run, `${name}-for-${to}`, { ...message, ...byMail, to });
    }
    return told;
  },
});
