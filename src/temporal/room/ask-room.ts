import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Receipt } from '../../domain/replayed/checklist/requests.ts';
import { fairShare, queuesOf, roomAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES, WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';
import { readLaptopCode } from '../../domain/papers/laptop-evidence.ts';
import type { RoomInputs, RoomRequest } from '../../domain/replayed/room/requests.ts';
import { EMPTY_ROOM, type Room } from '../../domain/replayed/room/room.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { paceAt } from '../../domain/replayed/time/pace.ts';
import type { room, RoomInput } from '../../workflows/room.ts';
import { Refused } from '../client-errors.ts';
import { noWorkshop } from '../answers.ts';
import type { ExecutionState } from '../reads.ts';
import type { TemporalServer } from '../server.ts';

/** Which workshop's room it is, as its lifecycle was recorded at its start. */
interface RoomOf {
  readonly id: string;
  readonly about:
    | {
        readonly runId: string;
        readonly workspace: string;
        readonly workspaceId: string;
        readonly speed?: number;
        readonly timeline: Pick<Timeline, 'dayOf'>;
      }
    | undefined;
  /** Of the lifecycle. */
  readonly state: ExecutionState;
}

/**
 * Asks something of a workshop's room, which begins with the first who asks. One that has ended goes on as it was.
 * @throws {Refused} when there is no such workshop, or it is over, or the input does not fit.
 */
export async function askRoom<Name extends RoomRequest>(
  server: TemporalServer,
  { id, about, state }: RoomOf,
  name: Name,
  input: RoomInputs[Name],
): Promise<Receipt> {
  if (about === undefined) throw noWorkshop({ id, address: server.reads.address });
  if (state === 'closed')
    throw new Refused(`The workshop "${id}" is over, and so is its room: nothing was recorded. Its report says more.`);
  if (name === 'laptopSeen') refuseWrongCode((input as RoomInputs['laptopSeen']).code);
  const { client } = server;
  const { workspace, workspaceId, runId } = about;
  const queues = queuesOf(workspace, workspaceId);
  const run = { workshopId: id, runId, workspaceId };
  // Before its day the lifecycle has not asked it to listen, and will; from then on it may have been ended by hand.
  const listens = Date.now() >= about.timeline.dayOf;
  const begins: RoomInput = {
    v: 1,
    run,
    queues,
    pace: paceAt(about.speed ?? 1),
    room: await before(server, id, runId),
    listens,
  };
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof room>(WORKFLOWS.room, {
    workflowId: roomAddress(id),
    ...fairShare(id),
    taskQueue: queues.workflows,
    args: [begins],
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo: { runId },
    staticSummary: 'the room on the day',
  });
  return server.soon(() =>
    client.workflow.executeUpdateWithStart<typeof room, Receipt, [RoomInputs[Name]]>(MESSAGES[name], {
      args: [input],
      startWorkflowOperation,
    }),
  );
}

/** What a room that was ended knew, if it was this run's; one of an earlier run that still runs ends now. */
async function before(server: TemporalServer, id: string, runId: string): Promise<Room> {
  const { state, memo } = await server.reads.describe(roomAddress(id));
  if (state === 'none') return EMPTY_ROOM;
  const isOurs = (await memo())['runId'] === runId;
  if (state === 'closed') return isOurs ? server.reads.query<Room>(roomAddress(id), MESSAGES.room) : EMPTY_ROOM;
  if (!isOurs) await server.client.workflow.getHandle(roomAddress(id)).terminate('it was the room of an earlier run');
  return EMPTY_ROOM;
}

function refuseWrongCode(code: string): void {
  const read = readLaptopCode(code);
  if (!read.ok) throw new Refused(read.why);
}
