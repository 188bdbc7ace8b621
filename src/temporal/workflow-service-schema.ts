import { HISTORY_SCHEMA } from './histories/history-schema.ts';

/**
 * What is read of Temporal's WorkflowService: messages, fields and their numbers, as in temporal/api/workflowservice/v1
 * of https://github.com/temporalio/api. Enums travel as numbers. A test compares each with the whole description, which
 * takes Node longer to load than all else that `status` does.
 */
export const WORKFLOW_SERVICE_SCHEMA = {
  WorkflowService: {
    methods: {
      QueryWorkflow: { requestType: 'QueryWorkflowRequest', responseType: 'QueryWorkflowResponse' },
      DescribeWorkflowExecution: {
        requestType: 'DescribeWorkflowExecutionRequest',
        responseType: 'DescribeWorkflowExecutionResponse',
      },
      DescribeTaskQueue: { requestType: 'DescribeTaskQueueRequest', responseType: 'DescribeTaskQueueResponse' },
      ListWorkflowExecutions: {
        requestType: 'ListWorkflowExecutionsRequest',
        responseType: 'ListWorkflowExecutionsResponse',
      },
      GetWorkflowExecutionHistory: {
        requestType: 'GetWorkflowExecutionHistoryRequest',
        responseType: 'GetWorkflowExecutionHistoryResponse',
      },
      DescribeNamespace: { requestType: 'DescribeNamespaceRequest', responseType: 'DescribeNamespaceResponse' },
    },
  },
  QueryWorkflowRequest: {
    fields: {
      namespace: { type: 'string', id: 1 },
      execution: { type: 'WorkflowExecution', id: 2 },
      query: { type: 'WorkflowQuery', id: 3 },
    },
  },
  QueryWorkflowResponse: { fields: { queryResult: { type: 'Payloads', id: 1 } } },
  DescribeWorkflowExecutionRequest: {
    fields: { namespace: { type: 'string', id: 1 }, execution: { type: 'WorkflowExecution', id: 2 } },
  },
  DescribeWorkflowExecutionResponse: {
    fields: {
      workflowExecutionInfo: { type: 'WorkflowExecutionInfo', id: 2 },
      pendingWorkflowTask: { type: 'PendingWorkflowTaskInfo', id: 5 },
    },
  },
  DescribeTaskQueueRequest: {
    fields: {
      namespace: { type: 'string', id: 1 },
      taskQueue: { type: 'TaskQueue', id: 2 },
      taskQueueType: { type: 'int32', id: 3 },
    },
  },
  DescribeTaskQueueResponse: { fields: { pollers: { rule: 'repeated', type: 'PollerInfo', id: 1 } } },
  ListWorkflowExecutionsRequest: {
    fields: {
      namespace: { type: 'string', id: 1 },
      pageSize: { type: 'int32', id: 2 },
      nextPageToken: { type: 'bytes', id: 3 },
      query: { type: 'string', id: 4 },
    },
  },
  ListWorkflowExecutionsResponse: {
    fields: {
      executions: { rule: 'repeated', type: 'WorkflowExecutionInfo', id: 1 },
      nextPageToken: { type: 'bytes', id: 2 },
    },
  },
  GetWorkflowExecutionHistoryRequest: {
    fields: {
      namespace: { type: 'string', id: 1 },
      execution: { type: 'WorkflowExecution', id: 2 },
      maximumPageSize: { type: 'int32', id: 3 },
      nextPageToken: { type: 'bytes', id: 4 },
      historyEventFilterType: { type: 'int32', id: 6 },
    },
  },
  GetWorkflowExecutionHistoryResponse: {
    fields: { history: { type: 'History', id: 1 }, nextPageToken: { type: 'bytes', id: 3 } },
  },
  DescribeNamespaceRequest: { fields: { namespace: { type: 'string', id: 1 } } },
  DescribeNamespaceResponse: { fields: { config: { type: 'NamespaceConfig', id: 2 } } },
  NamespaceConfig: { fields: { workflowExecutionRetentionTtl: { type: 'Duration', id: 1 } } },
  WorkflowExecution: { fields: { workflowId: { type: 'string', id: 1 }, runId: { type: 'string', id: 2 } } },
  WorkflowQuery: { fields: { queryType: { type: 'string', id: 1 } } },
  WorkflowExecutionInfo: {
    fields: {
      execution: { type: 'WorkflowExecution', id: 1 },
      startTime: { type: 'Timestamp', id: 3 },
      closeTime: { type: 'Timestamp', id: 4 },
      status: { type: 'int32', id: 5 },
      memo: { type: 'Memo', id: 10 },
    },
  },
  Memo: { fields: { fields: { keyType: 'string', type: 'Payload', id: 1 } } },
  Payloads: { fields: { payloads: { rule: 'repeated', type: 'Payload', id: 1 } } },
  Payload: {
    fields: {
      metadata: { keyType: 'string', type: 'bytes', id: 1 },
      data: { type: 'bytes', id: 2 },
    },
  },
  PendingWorkflowTaskInfo: { fields: { attempt: { type: 'int32', id: 5 } } },
  TaskQueue: { fields: { name: { type: 'string', id: 1 } } },
  PollerInfo: { fields: { lastAccessTime: { type: 'Timestamp', id: 1 } } },
  Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
  Duration: { fields: { seconds: { type: 'int64', id: 1 } } },
  ...HISTORY_SCHEMA,
} as const;
