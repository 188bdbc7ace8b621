import { z } from 'zod';
import type { FileTree, TreeEntry } from '../disk/file-tree.ts';
import { fromBase64 } from '../http/base64.ts';
import { invalidParameter, malformedRequest } from '../http/errors.ts';
import { multipartFields } from '../http/multipart.ts';
import { parseJson } from '../http/request-bytes.ts';
import { queryInteger, queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { parseDbfsPath } from './dbfs-path.ts';
import type { DbfsPath } from './dbfs-path.ts';
import { blockTooLarge, inDbfsWords, noSuchPath, pathExists } from './dbfs-words.ts';
import { UploadStreams } from './upload-streams.ts';

const BLOCK = 1_048_576;
const pathBody = z.object({ path: text });
const createBody = z.object({ path: text, overwrite: z.boolean().default(false) });
const handle = z.number().int();
const blockBody = z.object({ handle, data: z.string() });
const closeBody = z.object({ handle });
const putBody = z.object({ path: text, contents: z.string().default(''), overwrite: z.boolean().default(false) });
/** The old CLI writes `True`, as Python does. */
const formBody = z.object({
  path: text,
  overwrite: z.preprocess(
    (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    z.enum(['true', 'false']).default('false'),
  ),
});
const deleteBody = z.object({ path: text, recursive: z.boolean().default(false) });
const moveBody = z.object({ source_path: text, destination_path: text });

const ROOT = '/api/2.0/dbfs';
const SOURCE = 'what the databricks CLI and the SDKs ask and count on';

/** The root of DBFS, which is open to every user, as it is on a workspace that has one. */
export function dbfsRoutes({ dbfs, chance }: Workspace): Route[] {
  const streams = new UploadStreams(chance);

  const stored = (at: DbfsPath): TreeEntry => {
    const found = dbfs.stat(at.names);
    if (!found) throw noSuchPath(at.written);
    return found;
  };

  const mustBeFree = (at: DbfsPath, overwrite: boolean): void => {
    const found = dbfs.stat(at.names);
    if (found?.kind === 'directory' || (found && !overwrite)) throw pathExists(at.written);
  };

  return [
    {
      does: 'Describes a file or directory of DBFS',
      source: SOURCE,
      method: 'GET',
      path: `${ROOT}/get-status`,
      handle(call) {
        const at = parseDbfsPath(queryText(call.query, 'path'));
        return inDbfsWords(at.written, () => ok(view(at.written, stored(at))));
      },
    },
    {
      does: 'Lists a directory of DBFS',
      source: SOURCE,
      method: 'GET',
      path: `${ROOT}/list`,
      handle(call) {
        const at = parseDbfsPath(queryText(call.query, 'path'));
        return inDbfsWords(at.written, () => {
          const found = stored(at);
          const files =
            found.kind === 'file'
              ? [view(at.written, found)]
              : (dbfs.list(at.names) ?? []).map((entry) =>
                  view(`${at.written.replace(/\/$/, '')}/${entry.name}`, entry),
                );
          return ok(files.length === 0 ? {} : { files });
        });
      },
    },
    {
      does: 'Reads a part of a file of DBFS, as base64',
      source: SOURCE,
      method: 'GET',
      path: `${ROOT}/read`,
      handle(call) {
        const at = parseDbfsPath(queryText(call.query, 'path'));
        const first = queryInteger(call.query, 'offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
        const length = queryInteger(call.query, 'length', 0, Number.MAX_SAFE_INTEGER) || BLOCK / 2;
        if (length > BLOCK) throw blockTooLarge('MAX_READ_SIZE_EXCEEDED', BLOCK);
        return inDbfsWords(at.written, () => {
          if (stored(at).kind === 'directory') throw invalidParameter(`Cannot read ${at.written}: it is a directory.`);
          const bytes = dbfs.read(at.names, { first, last: first + length - 1 }) ?? Buffer.alloc(0);
          return ok({ bytes_read: bytes.length, data: bytes.toString('base64') });
        });
      },
    },
    {
      does: 'Makes a directory of DBFS with its parents; nothing happens when it exists',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/mkdirs`,
      journaled: false,
      handle(call) {
        const at = parseDbfsPath(readBody(pathBody, call.json).path);
        return inDbfsWords(at.written, () => {
          dbfs.makeDirectory(at.names, call.at);
          return ok({});
        });
      },
    },
    {
      does: 'Writes a small file of DBFS, from base64 in JSON or from a form',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/put`,
      body: 'bytes',
      journaled: false,
      handle(call) {
        const { path, content, overwrite } = readPut(call);
        const at = parseDbfsPath(path);
        return inDbfsWords(at.written, () => {
          mustBeFree(at, overwrite);
          store(dbfs, at, content, call.at);
          return ok({});
        });
      },
    },
    {
      does: 'Begins a file of DBFS that comes in block by block',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/create`,
      journaled: false,
      handle(call) {
        const { path, overwrite } = readBody(createBody, call.json);
        const at = parseDbfsPath(path);
        return inDbfsWords(at.written, () => {
          mustBeFree(at, overwrite);
          return ok({ handle: streams.open(call.caller, at) });
        });
      },
    },
    {
      does: 'Adds a block to a file of DBFS that was begun',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/add-block`,
      journaled: false,
      handle(call) {
        const body = readBody(blockBody, call.json);
        const block = decoded(body.data);
        if (block.length > BLOCK) throw blockTooLarge('MAX_BLOCK_SIZE_EXCEEDED', BLOCK);
        streams.add(call.caller, body.handle, block);
        return ok({});
      },
    },
    {
      does: 'Ends a file of DBFS that was begun: from now on it is there',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/close`,
      journaled: false,
      handle(call) {
        const { to, content } = streams.close(call.caller, readBody(closeBody, call.json).handle);
        return inDbfsWords(to.written, () => {
          store(dbfs, to, content, call.at);
          return ok({});
        });
      },
    },
    {
      does: 'Removes a file or directory of DBFS, if it is there; a directory with something in it only with recursive',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/delete`,
      journaled: false,
      handle(call) {
        const { path, recursive } = readBody(deleteBody, call.json);
        const at = parseDbfsPath(path);
        return inDbfsWords(at.written, () => {
          dbfs.remove(at.names, call.at, { isRecursive: recursive });
          return ok({});
        });
      },
    },
    {
      does: 'Gives a file or directory of DBFS another path',
      source: SOURCE,
      method: 'POST',
      path: `${ROOT}/move`,
      journaled: false,
      handle(call) {
        const body = readBody(moveBody, call.json);
        const [from, to] = [parseDbfsPath(body.source_path), parseDbfsPath(body.destination_path)];
        return inDbfsWords(to.written, () => {
          stored(from);
          if (`${to.written}/`.startsWith(`${from.written}/`))
            throw invalidParameter(`Cannot move ${from.written} into itself.`);
          dbfs.rename(from.names, to.names, call.at);
          return ok({});
        });
      },
    },
  ];
}

/** Directories above a file come by themselves. */
function store(dbfs: FileTree, at: DbfsPath, content: Buffer, now: number): void {
  dbfs.makeDirectory(at.names.slice(0, -1), now);
  dbfs.write(at.names, content, now);
}

function readPut(call: Call): { readonly path: string; readonly content: Buffer; readonly overwrite: boolean } {
  const parts = multipartFields(call.headers['content-type'], call.bytes);
  if (parts) {
    const { path, overwrite } = readBody(
      formBody,
      Object.fromEntries(
        [...parts].filter(([name]) => name !== 'contents').map(([name, value]) => [name, value.toString()]),
      ),
    );
    return { path, overwrite: overwrite === 'true', content: parts.get('contents') ?? Buffer.alloc(0) };
  }
  const { path, contents, overwrite } = readBody(putBody, parseJson(call.bytes));
  const content = decoded(contents);
  if (content.length > BLOCK) throw blockTooLarge('MAX_BLOCK_SIZE_EXCEEDED', BLOCK);
  return { path, content, overwrite };
}

function decoded(data: string): Buffer {
  const bytes = fromBase64(data);
  if (!bytes) throw malformedRequest('The content is not valid base64.');
  return bytes;
}

const view = (path: string, { kind, size, modifiedAt }: TreeEntry): unknown => ({
  path,
  is_dir: kind === 'directory',
  file_size: size,
  modification_time: modifiedAt,
});
