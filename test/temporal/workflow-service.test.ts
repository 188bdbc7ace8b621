import { Server, ServerCredentials, status, type Metadata } from '@grpc/grpc-js';
import proto, { temporal } from '@temporalio/proto';
import type { Root } from 'protobufjs/light.js';
import { afterEach, expect, it } from 'vitest';
import { temporalOptions } from '../../src/temporal/connection-options.ts';
import { TemporalReads } from '../../src/temporal/reads.ts';
import { openWorkflowService } from '../../src/temporal/workflow-service.ts';
import { WORKFLOW_SERVICE_SCHEMA } from '../../src/temporal/workflow-service-schema.ts';

const whole = proto as unknown as Root;
const { api } = temporal;
const { QueryWorkflowRequest, QueryWorkflowResponse } = api.workflowservice.v1;
const { DescribeWorkflowExecutionResponse, DescribeTaskQueueResponse } = api.workflowservice.v1;

interface Call {
  readonly metadata: Metadata;
  readonly request: Buffer;
}

type Reply = Uint8Array | { code: number; details: string };

let stop = (): void => {};
afterEach(() => stop());

const pass = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** A server that speaks Temporal's language, in the words of the whole description. */
async function server(answer: (call: Call) => Reply): Promise<string> {
  const grpc = new Server();
  const method = (name: string) => ({
    path: `/temporal.api.workflowservice.v1.WorkflowService/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  });
  const names = ['QueryWorkflow', 'DescribeWorkflowExecution', 'DescribeTaskQueue'];
  grpc.addService(
    Object.fromEntries(names.map((name) => [name, method(name)])),
    Object.fromEntries(
      names.map((name) => [
        name,
        (call: { metadata: Metadata; request: Buffer }, done: (error: object | null, bytes?: Uint8Array) => void) => {
          const reply = answer({ metadata: call.metadata, request: call.request });
          if (reply instanceof Uint8Array) done(null, reply);
          else done(reply);
        },
      ]),
    ),
  );
  const port = await new Promise<number>((settle, fail) => {
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? fail(error) : settle(bound),
    );
  });
  stop = () => grpc.forceShutdown();
  return `127.0.0.1:${port}`;
}

async function reads(env: NodeJS.ProcessEnv): Promise<TemporalReads> {
  const options = temporalOptions({ HOME: '/nowhere', ...env });
  const service = await openWorkflowService(options);
  const { connection, namespace, dataConverter } = options;
  return new TemporalReads(service, { address: connection.address, namespace, codecs: dataConverter.payloadCodecs });
}

const json = (value: unknown) => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(value)),
});

/** Where each message is in the whole description. */
const PLACES: Readonly<Record<string, string>> = {
  WorkflowExecution: 'temporal.api.common.v1',
  Memo: 'temporal.api.common.v1',
  Payloads: 'temporal.api.common.v1',
  Payload: 'temporal.api.common.v1',
  WorkflowQuery: 'temporal.api.query.v1',
  WorkflowExecutionInfo: 'temporal.api.workflow.v1',
  PendingWorkflowTaskInfo: 'temporal.api.workflow.v1',
  TaskQueue: 'temporal.api.taskqueue.v1',
  PollerInfo: 'temporal.api.taskqueue.v1',
  Timestamp: 'google.protobuf',
  Duration: 'google.protobuf',
  NamespaceConfig: 'temporal.api.namespace.v1',
  ActivityType: 'temporal.api.common.v1',
  Failure: 'temporal.api.failure.v1',
  ApplicationFailureInfo: 'temporal.api.failure.v1',
  Request: 'temporal.api.update.v1',
  Meta: 'temporal.api.update.v1',
  Input: 'temporal.api.update.v1',
  Outcome: 'temporal.api.update.v1',
};
const placeOf = (message: string): string =>
  PLACES[message] ?? (/^History|EventAttributes$/.test(message) ? 'temporal.api.history.v1' : PLACE);
const PLACE = 'temporal.api.workflowservice.v1';

const { WorkflowService, ...messages } = WORKFLOW_SERVICE_SCHEMA;
const fields = Object.entries(messages).flatMap(([message, described]) =>
  Object.entries(described.fields as Record<string, { id: number; type: string }>).map(
    ([field, { id, type }]) => [message, field, id, type] as const,
  ),
);

it.each(fields)('%s.%s is as the whole description of Temporal has it', (message, field, id, type) => {
  const there = whole.lookupType(`${placeOf(message)}.${message}`).fields[field];
  there?.resolve();
  // Enums travel as numbers.
  const kind = there?.resolvedType && 'values' in there.resolvedType ? 'int32' : there?.type.split('.').at(-1);
  expect({ id: there?.id, type: kind }).toEqual({ id, type });
});

it.each(Object.entries(WorkflowService.methods))('%s is a method of the service, as described', (name, described) => {
  const there = whole.lookupService(`${PLACE}.WorkflowService`).methods[name];
  expect(there?.requestType.split('.').at(-1)).toBe(described.requestType);
  expect(there?.responseType.split('.').at(-1)).toBe(described.responseType);
});

it('asks a workflow, with namespace and headers, and reads what it answers', async () => {
  const seen: { namespace: string; header: unknown; workflow: unknown; query: unknown }[] = [];
  const address = await server(({ metadata, request }) => {
    const { namespace, execution, query } = QueryWorkflowRequest.decode(request);
    const [header] = metadata.get('x-team');
    seen.push({ namespace, header, workflow: execution?.workflowId, query: query?.queryType });
    return QueryWorkflowResponse.encode({ queryResult: { payloads: [json({ well: true })] } }).finish();
  });
  const there = await reads({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'events',
    TEMPORAL_GRPC_META_X_TEAM: 'platform',
  });
  expect(await there.query('workshop/a', 'progress')).toEqual({ well: true });
  expect(seen).toEqual([{ namespace: 'events', header: 'platform', workflow: 'workshop/a', query: 'progress' }]);
  there.close();
});

it('tells a running workflow from a closed one and from none, and reads its memo', async () => {
  const answers: Reply[] = [
    DescribeWorkflowExecutionResponse.encode({
      workflowExecutionInfo: { status: 1, memo: { fields: { about: json('spring') } } },
      pendingWorkflowTask: { attempt: 3 },
    }).finish(),
    DescribeWorkflowExecutionResponse.encode({ workflowExecutionInfo: { status: 2 } }).finish(),
    { code: status.NOT_FOUND, details: 'workflow not found for ID: workshop/a' },
  ];
  const address = await server(() => answers.shift() ?? { code: status.INTERNAL, details: 'asked too often' });
  const there = await reads({ TEMPORAL_ADDRESS: address });
  const looked = async () => {
    const { memo, ...found } = await there.describe('workshop/a');
    return { ...found, memo: await memo() };
  };
  expect(await looked()).toEqual({ state: 'running', memo: { about: 'spring' }, isCompleted: false, isStuck: true });
  expect(await looked()).toEqual({ state: 'closed', memo: {}, isCompleted: true, isStuck: false });
  expect(await looked()).toEqual({ state: 'none', memo: {}, isCompleted: false, isStuck: false });
  there.close();
});

it('takes a worker that was seen lately for one that is there', async () => {
  const seenAgo = (seconds: number) =>
    DescribeTaskQueueResponse.encode({
      pollers: [{ lastAccessTime: { seconds: Math.floor(Date.now() / 1_000) - seconds } as never }],
    }).finish();
  const answers = [seenAgo(5), seenAgo(600), DescribeTaskQueueResponse.encode({}).finish()];
  const address = await server(() => answers.shift() ?? new Uint8Array());
  const there = await reads({ TEMPORAL_ADDRESS: address });
  expect([await there.hasPoller('q'), await there.hasPoller('q'), await there.hasPoller('q')]).toEqual([
    true,
    false,
    false,
  ]);
  there.close();
});

it('asks again after a moment of trouble, and says what a lasting one means', async () => {
  let asked = 0;
  const address = await server(() => {
    asked += 1;
    if (asked === 1) return { code: status.UNAVAILABLE, details: 'shard moves' };
    if (asked === 2) return QueryWorkflowResponse.encode({ queryResult: { payloads: [json(1)] } }).finish();
    if (asked === 3) return { code: status.PERMISSION_DENIED, details: 'no claims' };
    return { code: status.NOT_FOUND, details: 'Namespace events is not found.' };
  });
  const there = await reads({ TEMPORAL_ADDRESS: address });
  expect(await there.query('workshop/a', 'progress')).toBe(1);
  await expect(there.describe('workshop/a')).rejects.toThrow(/refuses these credentials: see TEMPORAL_API_KEY/);
  await expect(there.describe('workshop/a')).rejects.toThrow(/has no namespace "events": create it/);
  there.close();
});

it('sends an API key only through TLS', async () => {
  const calls: Call[] = [];
  const address = await server((call) => {
    calls.push(call);
    return new Uint8Array();
  });
  const refused = reads({ TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: 'key' });
  await expect(refused).rejects.toThrow(`The Temporal server at ${address}: What answers there does not speak TLS.`);
  expect(calls).toEqual([]);
});

it('says where nobody answers', async () => {
  const address = await server(() => new Uint8Array());
  stop();
  await expect(reads({ TEMPORAL_ADDRESS: address })).rejects.toThrow(
    /No Temporal server answers at .*"bin\/workshop local"/,
  );
});

it('takes an address without a port for one with the usual', () => {
  const { address } = temporalOptions({ HOME: '/nowhere', TEMPORAL_ADDRESS: 'temporal.example.invalid' }).connection;
  expect(address).toBe('temporal.example.invalid:7233');
});
