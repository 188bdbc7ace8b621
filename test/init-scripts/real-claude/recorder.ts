import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request of Claude Code, as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever was sent
  readonly body: any;
}

export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: unknown };

export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What it says to a message; a refusal has a status. */
export type Answering = (asked: Asked, earlier: readonly Asked[]) => readonly Block[] | Refusal;

export interface Recorder {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Hosts that were asked for through it, as a proxy; none is reached. */
  readonly elsewhere: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * A serving endpoint of this computer that writes down what it is asked, and a proxy that lets nobody through
 * (docs/facts/claude-on-databricks.md says how the facts were found in the same way).
 */
export async function startRecorder(answering: Answering): Promise<Recorder> {
  const asked: Asked[] = [];
  const elsewhere: string[] = [];
  const server = createServer((request, response) => void take(request, response));
  server.on('connect', (request, socket) => {
    elsewhere.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    elsewhere,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = request;
    if (!url.startsWith('/')) {
      elsewhere.push(url);
      response.writeHead(403).end();
      return;
    }
    const one: Asked = { method, path: url, headers, body: text === '' ? undefined : JSON.parse(text) };
    const earlier = [...asked];
    asked.push(one);
    if (!/\/v1\/messages(\?|$)/.test(url)) {
      response.writeHead(404).end('{"error_code": "ENDPOINT_NOT_FOUND", "message": "not here"}');
      return;
    }
    const answer = answering(one, earlier);
    if ('status' in answer) response.writeHead(answer.status, answer.headers).end(answer.body);
    else if (one.body.stream === true)
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(eventsOf(one.body.model, answer));
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(messageOf(one.body.model, answer)));
  }
}

const USAGE = { input_tokens: 10, output_tokens: 5 };
let uses = 0;
const withIds = (blocks: readonly Block[]) =>
  blocks.map((block) => (block.type === 'text' ? block : { ...block, id: `toolu_${(uses += 1)}` }));
const stopOf = (blocks: readonly Block[]) => (blocks.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn');

const messageOf = (model: string, blocks: readonly Block[]) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model,
  content: withIds(blocks),
  stop_reason: stopOf(blocks),
  stop_sequence: null,
  usage: USAGE,
});

function eventsOf(model: string, blocks: readonly Block[]): string {
  const event = (type: string, data: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
  return [
    event('message_start', { message: { ...messageOf(model, []), stop_reason: null } }),
    ...withIds(blocks).flatMap((block, index) => {
      const isText = block.type === 'text';
      const delta = isText
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
      return [
        event('content_block_start', {
          index,
          content_block: isText ? { type: 'text', text: '' } : { ...block, input: {} },
        }),
        event('content_block_delta', { index, delta }),
        event('content_block_stop', { index }),
      ];
    }),
    event('message_delta', { delta: { stop_reason: stopOf(blocks), stop_sequence: null }, usage: USAGE }),
    event('message_stop', {}),
  ].join('');
}
