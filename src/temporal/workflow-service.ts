import { Client, credentials, Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import type { temporalOptions } from './connection-options.ts';
import { whyUnreachable } from './handshake.ts';
import type { ReadCall, ReadingService } from './reads.ts';
import { WORKFLOW_SERVICE_SCHEMA } from './workflow-service-schema.ts';

const CONNECT_MS = 5_000;

/** Where the methods of the service are. */
const PATH = '/temporal.api.workflowservice.v1.WorkflowService/';

/** What a moment's trouble of the server or the way to it does to a read: it is asked again. */
const SERVICE_CONFIG = {
  loadBalancingConfig: [],
  methodConfig: [
    {
      name: [{ service: 'temporal.api.workflowservice.v1.WorkflowService' }],
      retryPolicy: {
        maxAttempts: 5,
        initialBackoff: '0.2s',
        maxBackoff: '2s',
        backoffMultiplier: 2,
        retryableStatusCodes: ['UNAVAILABLE', 'RESOURCE_EXHAUSTED'],
      },
    },
  ],
};

type Options = ReturnType<typeof temporalOptions>;
type Answer = (error: Error | null, bytes?: Uint8Array) => void;

/**
 * Reads only, without `@temporalio/client`, whose description of every message costs a short command more than all else
 * that it does. The same settings as for the whole client hold.
 * @throws {NoServer} when nobody answers; {NoAnswer} when the server refuses us.
 */
export async function openWorkflowService(options: Options): Promise<ReadingService> {
  const { connection, namespace } = options;
  const client = clientFor(connection);
  try {
    await new Promise<void>((settle, fail) => {
      client.waitForReady(Date.now() + CONNECT_MS, (error) => (error ? fail(error) : settle()));
    });
  } catch (error) {
    client.close();
    throw await whyUnreachable(error, connection);
  }
  const { WorkflowService } = protobuf.Root.fromJSON({
    nested: { ...WORKFLOW_SERVICE_SCHEMA } as object as protobuf.INamespace['nested'] & object,
  }).nested as {
    WorkflowService: protobuf.Service;
  };
  const metadata = metadataFor(connection, namespace);
  const pass = (bytes: Uint8Array) => Buffer.from(bytes);
  return {
    call: (method, request, deadline) => {
      const service = WorkflowService.create((of, bytes, answer) => {
        client.makeUnaryRequest(PATH + of.name, pass, pass, bytes, metadata, { deadline }, answer as Answer);
      });
      const calls = service as unknown as Record<ReadCall, (request: object) => Promise<never>>;
      return calls[method](request);
    },
    close: () => client.close(),
  };
}

function clientFor({ address, tls: encrypted, apiKey }: Options['connection']): Client {
  // An API key is never sent in the clear, as in the whole client.
  const tls = encrypted ?? apiKey !== undefined;
  const { serverRootCACertificate, clientCertPair, serverNameOverride } = typeof tls === 'object' && tls ? tls : {};
  const pem = (text: Uint8Array | undefined) => text && Buffer.from(text);
  return new Client(
    address,
    tls
      ? credentials.createSsl(pem(serverRootCACertificate), pem(clientCertPair?.key), pem(clientCertPair?.crt))
      : credentials.createInsecure(),
    {
      'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
      'grpc.max_receive_message_length': 128 * 1_024 * 1_024,
      ...(serverNameOverride
        ? { 'grpc.ssl_target_name_override': serverNameOverride, 'grpc.default_authority': serverNameOverride }
        : {}),
    },
  );
}

function metadataFor({ apiKey, metadata = {} }: Options['connection'], namespace: string): Metadata {
  const sent = new Metadata();
  sent.set('temporal-namespace', namespace);
  if (typeof apiKey === 'string') sent.set('authorization', `Bearer ${apiKey}`);
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  return sent;
}
