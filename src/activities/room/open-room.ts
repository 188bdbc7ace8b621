import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { fairShare, roomAddress, type Queues } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES, WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';
import { EMPTY_ROOM, type Room } from '../../domain/replayed/room/room.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { workflowStatus } from '../workflow-status.ts';

/** What a room is begun with. */
export interface RoomRequest {
  readonly queues: Queues;
  readonly pace: Pace;
}

/** The room begins with the first who acts there, and with the day at the latest. */
export const openRoomActivities = ({ temporal }: Pick<ActivityDeps, 'temporal'>) => {
  /** What one that was ended from outside knew; a closed workflow still answers. */
  const before = async (workflowId: string, runId: string): Promise<Room> => {
    const found = await workflowStatus(temporal, workflowId);
    if (found === undefined) return EMPTY_ROOM;
    const handle = temporal.workflow.getHandle(workflowId);
    const isOurs = (await handle.describe()).memo?.['runId'] === runId;
    if (found.status === 'running') {
      if (!isOurs) await handle.terminate('it was the room of an earlier run');
      return EMPTY_ROOM;
    }
    return isOurs ? handle.query<Room>(MESSAGES.room) : EMPTY_ROOM;
  };

  return {
    /**
     * Starts the workshop's room, where it does not run, and tells it to listen for whoever asks for help on their
     * cluster. Idempotent.
     */
    async openRoom(run: Run, { queues, pace }: RoomRequest): Promise<void> {
      const workflowId = roomAddress(run.workshopId);
      const room = await before(workflowId, run.runId);
      try {
        await temporal.workflow.start(WORKFLOWS.room, {
          workflowId,
          ...fairShare(run.workshopId),
          taskQueue: queues.workflows,
          args: [{ v: 1, run, queues, pace, room, listens: true }],
          memo: { runId: run.runId },
          staticSummary: 'the room on the day',
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        await temporal.workflow.getHandle(workflowId).signal(MESSAGES.listen);
      }
    },
  };
};
