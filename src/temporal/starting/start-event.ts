import { eventAddress, fairShare, queuesOf } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES, WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';
import type { KnownEvent } from '../../domain/replayed/event/event.ts';
import { EVENT_MEMO } from '../../domain/replayed/event/event-memo.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { EventInput } from '../../workflows/event/event.ts';
import type { TemporalServer } from '../server.ts';

export interface EventStartRequest {
  readonly event: KnownEvent;
  readonly timeline: Pick<Timeline, 'end' | 'teardown'>;
  readonly pace: Pace;
  /** Whose worker looks after it. */
  readonly workspace: string;
  readonly workspaceId: string;
}

/**
 * Starts what binds the workshops of an event, or tells the one that runs of its parts: signal and start are one, so
 * that two who start at once make one event, which knows the parts of both.
 */
export async function startEvent(server: TemporalServer, request: EventStartRequest): Promise<void> {
  const { event, timeline, pace, workspace, workspaceId } = request;
  const queues = queuesOf(workspace, workspaceId);
  const input: EventInput = { v: 1, event, pace, queues, end: timeline.end, over: timeline.teardown };
  await server.reads.answers(() =>
    server.client.workflow.signalWithStart(WORKFLOWS.event, {
      workflowId: eventAddress(event.id),
      ...fairShare(event.id),
      taskQueue: queues.workflows,
      args: [input],
      signal: MESSAGES.partsKnown,
      signalArgs: [event.parts],
      staticSummary: event.title,
      staticDetails: `${event.parts.length} workspaces`,
      memo: { [EVENT_MEMO]: event },
    }),
  );
}
