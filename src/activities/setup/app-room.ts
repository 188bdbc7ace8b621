import { appRoomWords, judgeAppRoom } from '../../domain/replayed/capacity/app-room.ts';
import type { Workspace } from '../../databricks/workspace.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { lasting } from '../retryable-failures.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';

/** Everybody's apps: each takes a place, whoever made it and whether it runs. */
export async function countApps({ apps }: Pick<Workspace, 'apps'>): Promise<number> {
  let count = 0;
  for await (const _ of apps.list()) count += 1;
  return count;
}

/** Room for people's apps. */
export const appRoomActivities = ({ workspace }: ActivityDeps) => ({
  /**
   * Counts the apps that are there, stopped ones and those that are being deleted too, and says whether those of this
   * workshop fit beside them. Fails lastingly, with what helps, where they do not. Changes nothing.
   */
  async checkAppRoom(_run: Run, { plan, people }: { plan: Plan; people: number }): Promise<string> {
    const room = judgeAppRoom(plan, people, await countApps(workspace));
    if (!room.isEnough) throw lasting('NO_ROOM_FOR_APPS', `${appRoomWords(room)}.`, room.remedies.join('\n'));
    return appRoomWords(room);
  },
});
