import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs/light.js';

const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** Of OpenTelemetry's description of what is sent, the part that is looked at. */
const { Request } = protobuf.Root.fromJSON({
  nested: {
    Request: { fields: { resourceSpans: repeated('ResourceSpans', 1) } },
    ResourceSpans: { fields: { resource: { type: 'Resource', id: 1 }, scopeSpans: repeated('ScopeSpans', 2) } },
    Resource: { fields: { attributes: repeated('KeyValue', 1) } },
    ScopeSpans: { fields: { spans: repeated('Span', 2) } },
    Span: {
      fields: {
        traceId: { type: 'bytes', id: 1 },
        spanId: { type: 'bytes', id: 2 },
        parentSpanId: { type: 'bytes', id: 4 },
        name: { type: 'string', id: 5 },
        startTimeUnixNano: { type: 'fixed64', id: 7 },
        endTimeUnixNano: { type: 'fixed64', id: 8 },
        attributes: repeated('KeyValue', 9),
        status: { type: 'Status', id: 15 },
      },
    },
    Status: { fields: { message: { type: 'string', id: 2 }, code: { type: 'int32', id: 3 } } },
    KeyValue: { fields: { key: { type: 'string', id: 1 }, value: { type: 'AnyValue', id: 2 } } },
    AnyValue: { fields: { stringValue: { type: 'string', id: 1 }, intValue: { type: 'int64', id: 3 } } },
  },
}).nested as { Request: protobuf.Type };

type Attributes = Readonly<Record<string, string>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it has none. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly ms: number;
  readonly attributes: Attributes;
  readonly failed: boolean;
  readonly service: string | undefined;
}

/** What takes spans, as a collector on this computer does. */
export interface Collector {
  readonly env: Readonly<Record<string, string>>;
  readonly spans: readonly ReceivedSpan[];
  /** All that came, as it came. */
  readonly bytes: () => string;
  close(): Promise<void>;
}

const ERROR = 2;

export async function openCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isExpected = request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf';
      if (isExpected) {
        const body = Buffer.concat(parts);
        bodies.push(body);
        spans.push(...spansIn(body));
      }
      response.writeHead(isExpected ? 200 : 400).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    spans,
    bytes: () => Buffer.concat(bodies).toString('latin1'),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Told {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | { toString(): string } };
}

interface RawSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly name: string;
  readonly startTimeUnixNano: unknown;
  readonly endTimeUnixNano: unknown;
  readonly attributes: readonly Told[];
  readonly status: { readonly code: number } | null;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const attributesOf = (told: readonly Told[]): Attributes =>
  Object.fromEntries(told.map(({ key, value }) => [key, value.stringValue || String(value.intValue)]));

function spansIn(body: Buffer): ReceivedSpan[] {
  const { resourceSpans } = Request.decode(body) as unknown as {
    resourceSpans: { resource: { attributes: Told[] }; scopeSpans: { spans: RawSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        name: span.name,
        ms: (Number(span.endTimeUnixNano) - Number(span.startTimeUnixNano)) / 1e6,
        attributes: attributesOf(span.attributes),
        failed: span.status?.code === ERROR,
        service: attributesOf(resource.attributes)['service.name'],
      })),
    ),
  );
}
