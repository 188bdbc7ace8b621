import type { Payload } from '@temporalio/common';
import { isMissing } from '../answers.ts';
import type { TemporalReads } from '../reads.ts';
import { millis, type Instant } from './instant.ts';

/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API: the last event of a run that has ended. */
const CLOSE_EVENT = 2;
const PAGE = 1_000;

interface Payloads {
  readonly payloads?: readonly Payload[] | null;
}

export interface Failure {
  readonly message?: string | null;
  /** The same, where it is encrypted. */
  readonly encodedAttributes?: Payload | null;
  readonly cause?: Failure | null;
  readonly applicationFailureInfo?: { readonly type?: string | null } | null;
}

type OfActivity = { readonly scheduledEventId?: unknown; readonly failure?: Failure | null } | null;

/** An event of a history, as far as history-schema.ts reads it. */
export interface HistoryEvent {
  readonly eventId?: unknown;
  readonly eventTime?: Instant | null;
  readonly workflowExecutionStartedEventAttributes?: {
    readonly parentWorkflowExecution?: { readonly workflowId?: string | null } | null;
    readonly input?: Payloads | null;
    readonly continuedExecutionRunId?: string | null;
    readonly identity?: string | null;
  } | null;
  readonly workflowExecutionCompletedEventAttributes?: { readonly result?: Payloads | null } | null;
  readonly workflowExecutionFailedEventAttributes?: { readonly failure?: Failure | null } | null;
  readonly workflowTaskFailedEventAttributes?: {
    readonly cause?: number | null;
    readonly failure?: Failure | null;
    readonly identity?: string | null;
  } | null;
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType?: { readonly name?: string | null } | null;
  } | null;
  readonly activityTaskCompletedEventAttributes?: OfActivity;
  readonly activityTaskFailedEventAttributes?: OfActivity;
  readonly activityTaskTimedOutEventAttributes?: OfActivity;
  readonly workflowExecutionSignaledEventAttributes?: {
    readonly signalName?: string | null;
    readonly input?: Payloads | null;
    readonly identity?: string | null;
  } | null;
  readonly workflowExecutionTerminatedEventAttributes?: {
    readonly reason?: string | null;
    readonly identity?: string | null;
  } | null;
  readonly workflowExecutionCancelRequestedEventAttributes?: {
    readonly cause?: string | null;
    readonly identity?: string | null;
  } | null;
  readonly workflowExecutionUpdateAcceptedEventAttributes?: {
    readonly protocolInstanceId?: string | null;
    readonly acceptedRequest?: {
      readonly meta?: { readonly identity?: string | null } | null;
      readonly input?: { readonly name?: string | null; readonly args?: Payloads | null } | null;
    } | null;
  } | null;
  readonly workflowExecutionUpdateCompletedEventAttributes?: {
    readonly meta?: { readonly updateId?: string | null } | null;
    readonly outcome?: { readonly success?: Payloads | null; readonly failure?: Failure | null } | null;
  } | null;
}

interface Page {
  readonly history?: { readonly events?: readonly HistoryEvent[] | null } | null;
  readonly nextPageToken?: Uint8Array | null;
}

/**
 * The events of one run, or only its first or last one; undefined when the server has no such run any more.
 * @throws {NoAnswer} when the server is gone or refuses us
 */
export function eventsOf(
  reads: TemporalReads,
  execution: { readonly workflowId: string; readonly runId?: string },
  only?: 'first' | 'last',
): Promise<readonly HistoryEvent[] | undefined> {
  return reads.answers(async () => {
    const events: HistoryEvent[] = [];
    try {
      for (let nextPageToken: Uint8Array | undefined; ;) {
        const page: Page = await reads.call<Page>('getWorkflowExecutionHistory', {
          execution,
          maximumPageSize: only === 'first' ? 1 : PAGE,
          ...(only === 'last' ? { historyEventFilterType: CLOSE_EVENT } : {}),
          ...(nextPageToken ? { nextPageToken } : {}),
        });
        events.push(...(page.history?.events ?? []));
        if (only === 'first' || !page.nextPageToken?.length) return events;
        nextPageToken = page.nextPageToken;
      }
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
}

/** When it happened, epoch milliseconds. */
export const timeOf = ({ eventTime }: HistoryEvent): number => millis(eventTime) ?? 0;

/** The first value of an input, a result or an argument list. @throws {WrongSettings} when its key is not here */
export async function valueIn(reads: TemporalReads, payloads: Payloads | null | undefined): Promise<unknown> {
  const [first] = payloads?.payloads ?? [];
  return first && (await reads.decoded(first));
}

/** What a failure says, and its type where the program gave it one. @throws {WrongSettings} when its key is not here */
export async function failureIn(
  reads: TemporalReads,
  failure: Failure | null | undefined,
): Promise<{ readonly message: string; readonly type?: string } | undefined> {
  if (!failure) return undefined;
  const { message, encodedAttributes, cause, applicationFailureInfo } = failure;
  // The outer one says that an activity failed; the inner one why.
  if (cause && !applicationFailureInfo) return failureIn(reads, cause);
  const hidden = encodedAttributes && ((await reads.decoded(encodedAttributes)) as { message?: unknown } | null);
  const said = typeof hidden?.message === 'string' ? hidden.message : (message ?? '');
  return { message: said, ...(applicationFailureInfo?.type ? { type: applicationFailureInfo.type } : {}) };
}
