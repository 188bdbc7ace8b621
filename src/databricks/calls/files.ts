import { z } from 'zod';
import { unexpected } from './json-answers.ts';
import { maybe } from './fields.ts';
import { pages } from '../transport/paging.ts';
import { volumePath } from './path.ts';
import { nameOf, type Call, type CallOptions, type Transport } from '../transport/transport.ts';

const directoryEntry = z.looseObject({
  path: z.string(),
  name: maybe(z.string()),
  is_directory: maybe(z.boolean()),
  file_size: maybe(z.number()),
  last_modified: maybe(z.number()),
});
export type DirectoryEntry = z.output<typeof directoryEntry>;

/** All paths are in volumes: /Volumes/catalog/schema/volume/... */
export interface Files {
  /** Size in bytes, or undefined when there is no such file (or volume: an answer to HEAD carries no reason). */
  head(path: string, options?: CallOptions): Promise<{ size: number } | undefined>;
  download(path: string, options?: CallOptions): Promise<Buffer | undefined>;
  /** Idempotent with overwrite; without it an existing file is an error, see meansAlreadyExists in errors.ts. */
  upload(
    path: string,
    bytes: Uint8Array,
    settings: { readonly overwrite: boolean },
    options?: CallOptions,
  ): Promise<void>;
  /** Idempotent: one that is not there is no error. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /** Idempotent, and makes the parents too. */
  createDirectory(path: string, options?: CallOptions): Promise<void>;
  list(path: string, options?: CallOptions): AsyncIterable<DirectoryEntry>;
}

/** Slower than any line a worker should be on: what large files get on top of the usual timeouts. */
const BYTES_PER_MS = 100;
const DOWNLOAD_EXTRA_MS = 300_000;

/** Files API 2.0, raw bytes both ways (docs/facts/databricks.md section 6). */
export function files(transport: Transport): Files {
  const file = (path: string) => `/api/2.0/fs/files${volumePath(path)}`;
  const directory = (path: string) => `/api/2.0/fs/directories${volumePath(path)}`;
  const unlessMissing = async (call: Call) => {
    const answer = await transport.exchange(call);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw transport.errorFrom(call, answer);
    return answer;
  };
  return {
    async head(path, options) {
      const call: Call = { method: 'HEAD', path: file(path), ...options };
      const answer = await unlessMissing(call);
      if (answer === undefined) return undefined;
      const size = answer.header('content-length');
      if (size === undefined || !/^\d+$/.test(size))
        throw unexpected(nameOf(call), answer.status, 'the answer does not say how large the file is');
      return { size: Number(size) };
    },
    async download(path, options) {
      const answer = await unlessMissing({
        method: 'GET',
        path: file(path),
        headers: { accept: 'application/octet-stream' },
        extraMs: DOWNLOAD_EXTRA_MS,
        ...options,
      });
      return answer?.bytes;
    },
    async upload(path, bytes, { overwrite }, options) {
      await transport.succeed({
        method: 'PUT',
        path: file(path),
        query: { overwrite },
        body: bytes,
        extraMs: Math.ceil(bytes.byteLength / BYTES_PER_MS),
        ...options,
      });
    },
    async delete(path, options) {
      await unlessMissing({ method: 'DELETE', path: file(path), ...options });
    },
    async createDirectory(path, options) {
      await transport.succeed({ method: 'PUT', path: directory(path), ...options });
    },
    list: (path, options) =>
      pages(transport, { method: 'GET', path: directory(path), ...options }, 'contents', directoryEntry),
  };
}
