import type { WorkflowHandle } from '@temporalio/client';
import { MESSAGES, WORKFLOWS } from '../../../src/domain/replayed/made/temporal-names.ts';
import type { Receipt } from '../../../src/domain/replayed/checklist/requests.ts';
import type { RoomInputs, RoomRequest } from '../../../src/domain/replayed/room/requests.ts';
import { EMPTY_ROOM, type Room } from '../../../src/domain/replayed/room/room.ts';
import type { Stage } from '../stage/time-skipping.ts';
import { onOneQueue, REAL_PACE } from '../stage/workshop-input.ts';

const run = { workshopId: 'spring', runId: 'r', workspaceId: 'w' };

export interface OpenRoom {
  readonly handle: WorkflowHandle;
  readonly ask: <Name extends RoomRequest>(name: Name, input: RoomInputs[Name]) => Promise<string>;
  readonly room: () => Promise<Room>;
}

/** A room on the stage of skipped time, with nobody in it. */
export async function openRoom(stage: Stage, { historyEvents = 8_000, listens = false } = {}): Promise<OpenRoom> {
  const pace = { ...REAL_PACE, historyEvents };
  const { workflowId } = await stage.client.workflow.start(WORKFLOWS.room, {
    workflowId: `room-${process.pid}`,
    taskQueue: stage.queue,
    args: [{ v: 1, run, queues: onOneQueue(stage.queue), pace, room: EMPTY_ROOM, listens }],
  });
  // Of whichever run is the latest.
  const handle = stage.client.workflow.getHandle(workflowId);
  return {
    handle,
    ask: async (name, input) =>
      (await handle.executeUpdate<Receipt, [unknown]>(MESSAGES[name], { args: [input] })).recorded,
    room: () => handle.query<Room>(MESSAGES.room),
  };
}
