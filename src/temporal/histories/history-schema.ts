/**
 * What is read of a workflow's history, as in temporal/api/history/v1 of https://github.com/temporalio/api: events that
 * tell what somebody asked for and what came of it. All others arrive with their number, type and time alone.
 */
export const HISTORY_SCHEMA = {
  History: { fields: { events: { rule: 'repeated', type: 'HistoryEvent', id: 1 } } },
  HistoryEvent: {
    fields: {
      eventId: { type: 'int64', id: 1 },
      eventTime: { type: 'Timestamp', id: 2 },
      eventType: { type: 'int32', id: 3 },
      workflowExecutionStartedEventAttributes: { type: 'WorkflowExecutionStartedEventAttributes', id: 6 },
      workflowExecutionCompletedEventAttributes: { type: 'WorkflowExecutionCompletedEventAttributes', id: 7 },
      workflowExecutionFailedEventAttributes: { type: 'WorkflowExecutionFailedEventAttributes', id: 8 },
      workflowTaskFailedEventAttributes: { type: 'WorkflowTaskFailedEventAttributes', id: 14 },
      activityTaskScheduledEventAttributes: { type: 'ActivityTaskScheduledEventAttributes', id: 15 },
      activityTaskCompletedEventAttributes: { type: 'ActivityTaskCompletedEventAttributes', id: 17 },
      activityTaskFailedEventAttributes: { type: 'ActivityTaskFailedEventAttributes', id: 18 },
      activityTaskTimedOutEventAttributes: { type: 'ActivityTaskTimedOutEventAttributes', id: 19 },
      workflowExecutionSignaledEventAttributes: { type: 'WorkflowExecutionSignaledEventAttributes', id: 26 },
      workflowExecutionTerminatedEventAttributes: { type: 'WorkflowExecutionTerminatedEventAttributes', id: 27 },
      workflowExecutionCancelRequestedEventAttributes: {
        type: 'WorkflowExecutionCancelRequestedEventAttributes',
        id: 28,
      },
      workflowExecutionUpdateAcceptedEventAttributes: {
        type: 'WorkflowExecutionUpdateAcceptedEventAttributes',
        id: 46,
      },
      workflowExecutionUpdateCompletedEventAttributes: {
        type: 'WorkflowExecutionUpdateCompletedEventAttributes',
        id: 48,
      },
    },
  },
  WorkflowExecutionStartedEventAttributes: {
    fields: {
      parentWorkflowExecution: { type: 'WorkflowExecution', id: 3 },
      input: { type: 'Payloads', id: 6 },
      continuedExecutionRunId: { type: 'string', id: 10 },
      identity: { type: 'string', id: 15 },
    },
  },
  WorkflowExecutionCompletedEventAttributes: { fields: { result: { type: 'Payloads', id: 1 } } },
  WorkflowExecutionFailedEventAttributes: { fields: { failure: { type: 'Failure', id: 1 } } },
  WorkflowTaskFailedEventAttributes: {
    fields: {
      cause: { type: 'int32', id: 3 },
      failure: { type: 'Failure', id: 4 },
      identity: { type: 'string', id: 5 },
    },
  },
  ActivityTaskScheduledEventAttributes: { fields: { activityType: { type: 'ActivityType', id: 2 } } },
  ActivityTaskCompletedEventAttributes: {
    fields: { result: { type: 'Payloads', id: 1 }, scheduledEventId: { type: 'int64', id: 2 } },
  },
  ActivityTaskFailedEventAttributes: {
    fields: { failure: { type: 'Failure', id: 1 }, scheduledEventId: { type: 'int64', id: 2 } },
  },
  ActivityTaskTimedOutEventAttributes: {
    fields: { failure: { type: 'Failure', id: 1 }, scheduledEventId: { type: 'int64', id: 2 } },
  },
  WorkflowExecutionSignaledEventAttributes: {
    fields: {
      signalName: { type: 'string', id: 1 },
      input: { type: 'Payloads', id: 2 },
      identity: { type: 'string', id: 3 },
    },
  },
  WorkflowExecutionTerminatedEventAttributes: {
    fields: { reason: { type: 'string', id: 1 }, identity: { type: 'string', id: 3 } },
  },
  WorkflowExecutionCancelRequestedEventAttributes: {
    fields: { cause: { type: 'string', id: 1 }, identity: { type: 'string', id: 4 } },
  },
  WorkflowExecutionUpdateAcceptedEventAttributes: {
    fields: { protocolInstanceId: { type: 'string', id: 1 }, acceptedRequest: { type: 'Request', id: 4 } },
  },
  WorkflowExecutionUpdateCompletedEventAttributes: {
    fields: { meta: { type: 'Meta', id: 1 }, outcome: { type: 'Outcome', id: 2 } },
  },
  Request: { fields: { meta: { type: 'Meta', id: 1 }, input: { type: 'Input', id: 2 } } },
  Meta: { fields: { updateId: { type: 'string', id: 1 }, identity: { type: 'string', id: 2 } } },
  Input: { fields: { name: { type: 'string', id: 2 }, args: { type: 'Payloads', id: 3 } } },
  Outcome: { fields: { success: { type: 'Payloads', id: 1 }, failure: { type: 'Failure', id: 2 } } },
  ActivityType: { fields: { name: { type: 'string', id: 1 } } },
  Failure: {
    fields: {
      message: { type: 'string', id: 1 },
      encodedAttributes: { type: 'Payload', id: 20 },
      cause: { type: 'Failure', id: 4 },
      applicationFailureInfo: { type: 'ApplicationFailureInfo', id: 5 },
    },
  },
  ApplicationFailureInfo: { fields: { type: { type: 'string', id: 1 } } },
} as const;
