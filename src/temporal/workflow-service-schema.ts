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
  WorkflowExecution: { fields: { workflowId: { type: 'string', id: 1 } } },
  WorkflowQuery: { fields: { queryType: { type: 'string', id: 1 } } },
  WorkflowExecutionInfo: { fields: { status: { type: 'int32', id: 5 }, memo: { type: 'Memo', id: 10 } } },
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
  Timestamp: { fields: { seconds: { type: 'int64', id: 1 } } },
} as const;
