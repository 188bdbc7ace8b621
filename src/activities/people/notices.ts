import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import type { Message } from '../../notifications/notifier.ts';

/** Telling people. */
export const noticeActivities = ({ notifier }: ActivityDeps) => ({
  /** Idempotent by name: the same notice again is the same letter. Returns where it went. */
  async notify(run: Run, { name, message }: { name: string; message: Message }): Promise<string> {
    return notifier.deliver(run.workshopId, name, message);
  },
});
