import type { IncomingMessage } from 'node:http';
import { ApiError, malformedRequest } from './errors.ts';
import { isDeeperThan } from './json-depth.ts';
import type { BodyKind } from './router.ts';

const MEGABYTE = 1_048_576;
const LARGEST: Readonly<Record<BodyKind, number>> = {
  /** The real limit is not published, but there is one. */
  json: 10 * MEGABYTE,
  /** The real Files API takes 5 GiB; this one holds a file in memory while it comes in. */
  bytes: 256 * MEGABYTE,
  /** Taken from anybody, and slow to take apart. */
  form: MEGABYTE,
};
/** Far deeper than anything that an API takes. */
const DEEPEST_JSON = 500;

/** How far beyond the limit a body is still read and thrown away, so that the client gets to hear the answer. */
const PATIENCE = 4;

/**
 * Reads a request's body to its end.
 * @throws 413 when it is too large; a body several times too large is not read to its end.
 */
export async function readBytes(request: IncomingMessage, body: BodyKind): Promise<Buffer> {
  const limit = LARGEST[body];
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit * PATIENCE) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  // A large file is put where it belongs at once: joined from pieces, it would be in memory twice.
  const whole = announced > LARGEST.json && announced <= limit ? Buffer.allocUnsafeSlow(announced) : undefined;
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (whole) chunk.copy(whole, size);
    else if (size + chunk.length <= limit) chunks.push(chunk);
    size += chunk.length;
    if (size > limit * PATIENCE) break;
  }
  if (size > limit) throw tooLarge(limit);
  return whole ? whole.subarray(0, size) : Buffer.concat(chunks);
}

/** The body as JSON; undefined when it is empty. @throws 400 MALFORMED_REQUEST. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (isDeeperThan(bytes, DEEPEST_JSON))
    throw malformedRequest('Invalid JSON given in the body of the request - nested too deeply');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformedRequest('Invalid JSON given in the body of the request - failed to parse given JSON');
  }
}

const tooLarge = (limit: number): ApiError =>
  new ApiError({
    status: 413,
    errorCode: 'REQUEST_TOO_LARGE',
    message: `The request body is larger than ${limit / MEGABYTE} MB, the most that is accepted here.`,
  });
