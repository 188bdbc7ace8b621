import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload } from '@temporalio/common';
import { WrongSettings } from '../client-errors.ts';
import { PAYLOAD_KEY, type PayloadEncryption } from './payload-encryption.ts';

const HOST = '127.0.0.1';
/** More than a page of a history has, which the UI sends at once. */
const MOST_BYTES = 64 * 1_024 * 1_024;

/** In JSON, as protobuf has it: bytes are base64. */
interface JsonPayload {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly data?: string;
}

export interface CodecEndpoint {
  /** For the UI's settings and for `temporal --codec-endpoint`; whoever knows it reads what is encrypted. */
  readonly url: string;
  close(): Promise<void>;
}

/** What is answered instead of payloads. */
class NotDone extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Encrypts and decrypts for Temporal's own pages and command line, as their codec servers do: POST <url>/encode and
 * POST <url>/decode. On loopback alone. Its path is a secret that follows from the key, because whoever may open a
 * socket on this computer could read everybody's data otherwise; it stays the same for the same key.
 * @param origins of the pages that may ask, like `http://127.0.0.1:8233`. @param port 0: any free one.
 * @throws {WrongSettings} without a key; what `listen` throws when the port is taken.
 */
export async function openCodecEndpoint({
  encryption,
  origins,
  port,
}: {
  readonly encryption: PayloadEncryption;
  readonly origins: readonly string[];
  readonly port: number;
}): Promise<CodecEndpoint> {
  const secret = encryption.secretFor('path of the codec endpoint');
  if (secret === undefined)
    throw new WrongSettings(
      `${PAYLOAD_KEY} is not set here, so there is nothing to encrypt or read with. Set it to the key that the ` +
        'worker has, as in deploy/worker.env.',
    );
  const server = createServer((request, response) => {
    void answer(request, response, { encryption, origins, secret });
  });
  await new Promise<void>((settle, fail) => {
    server.once('error', fail);
    server.listen(port, HOST, settle);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/${secret}`,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  {
    encryption,
    origins,
    secret,
  }: { readonly encryption: PayloadEncryption; readonly origins: readonly string[]; readonly secret: string },
): Promise<void> {
  const say = (status: number, body?: object) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(body && JSON.stringify(body));
  };
  try {
    const { origin } = request.headers;
    if (origin !== undefined) {
      if (!origins.includes(origin))
        throw new NotDone(403, `Pages of ${origin} may not ask here: give "workshop codec" --ui ${origin}.`);
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
    }
    const work = { [`/${secret}/encode`]: 'encode', [`/${secret}/decode`]: 'decode' } as const;
    const path = new URL(request.url ?? '/', `http://${HOST}`).pathname;
    const what = Object.hasOwn(work, path) ? work[path] : undefined;
    if (what === undefined)
      throw new NotDone(404, 'Nothing is here: use the whole address that "workshop codec" has printed.');
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'POST');
      response.setHeader('access-control-allow-headers', 'authorization, content-type, x-namespace');
      return say(204);
    }
    if (request.method !== 'POST') throw new NotDone(405, 'Payloads are sent with POST.');
    say(200, { payloads: (await encryption[what](await payloadsIn(request))).map(toJson) });
  } catch (error) {
    if (error instanceof NotDone) say(error.status, { message: error.message });
    else if (error instanceof WrongSettings) say(400, { message: error.message });
    else say(500, { message: 'This request could not be carried out.' });
  }
}

/** @throws {NotDone} */
async function payloadsIn(request: IncomingMessage): Promise<Payload[]> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new NotDone(413, `More than ${MOST_BYTES} bytes at once are not taken.`);
    parts.push(part);
  }
  try {
    const { payloads } = JSON.parse(Buffer.concat(parts).toString()) as { payloads: readonly JsonPayload[] };
    return payloads.map(({ metadata = {}, data = '' }) => ({
      metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')])),
      data: Buffer.from(data, 'base64'),
    }));
  } catch {
    throw new NotDone(400, 'This is not what Temporal sends: {"payloads": [{"metadata": {…}, "data": "…"}]}.');
  }
}

const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');

const toJson = ({ metadata, data }: Payload): JsonPayload => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)])),
  data: base64(data),
});
