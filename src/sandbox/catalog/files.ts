import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import { queryInteger } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import { parseVolumePath } from './volume-files.ts';
import type { StoredFile, VolumePath } from './volume-files.ts';
import type { Workspace } from '../workspace.ts';

const FILES = '/api/2.0/fs/files/*path';
const DIRECTORIES = '/api/2.0/fs/directories/*path';
const PAGE = 1_000;

/** The Files API over Unity Catalog volumes. A file's directory must exist before the file, as on a real workspace. */
export function fileRoutes(workspace: Workspace): Route[] {
  const { volumeFiles } = workspace;

  const target = (call: Call, privilege: 'READ_VOLUME' | 'WRITE_VOLUME'): VolumePath => {
    const at = parseVolumePath(`/${(call.params['path'] ?? '').replace(/^\//, '')}`);
    volumeFiles.volumeOf(at);
    const refusal = volumeFiles.refusal(call.caller.userName, at.path, privilege);
    if (refusal !== undefined) throw permissionDenied(refusal);
    return at;
  };

  const stored = (at: VolumePath): StoredFile => {
    const file = volumeFiles.read(at.path);
    if (!file) throw notFound('The file being accessed is not found.', 'NOT_FOUND');
    return file;
  };

  const directory = (at: VolumePath): VolumePath => {
    if (!volumeFiles.isDirectory(at)) throw notFound('The directory being accessed is not found.', 'NOT_FOUND');
    return at;
  };

  return [
    { method: 'HEAD', path: FILES, handle: (call) => ({ headers: fileHeaders(stored(target(call, 'READ_VOLUME'))) }) },
    {
      method: 'GET',
      path: FILES,
      handle(call) {
        const file = stored(target(call, 'READ_VOLUME'));
        return { bytes: file.bytes, headers: fileHeaders(file) };
      },
    },
    {
      method: 'PUT',
      path: FILES,
      body: 'bytes',
      handle(call) {
        const at = target(call, 'WRITE_VOLUME');
        if (at.isRoot || volumeFiles.isDirectory(at)) throw invalidParameter(`The path '${at.path}' is a directory, not a file.`);
        if (!volumeFiles.parentExists(at)) throw notFound('The parent directory of the file does not exist.', 'NOT_FOUND');
        if (volumeFiles.read(at.path) && call.query.get('overwrite') !== 'true') {
          throw new ApiError({ status: 409, errorCode: 'ALREADY_EXISTS', message: 'The file being created already exists.' });
        }
        volumeFiles.write(at, call.bytes, call.at);
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: FILES,
      handle(call) {
        if (!volumeFiles.removeFile(target(call, 'WRITE_VOLUME'))) throw notFound('The file being accessed is not found.', 'NOT_FOUND');
        return { status: 204 };
      },
    },
    {
      method: 'HEAD',
      path: DIRECTORIES,
      handle(call) {
        directory(target(call, 'READ_VOLUME'));
        return { headers: {} };
      },
    },
    { method: 'GET', path: DIRECTORIES, handle: (call) => listing(workspace, call, directory(target(call, 'READ_VOLUME'))) },
    {
      method: 'PUT',
      path: DIRECTORIES,
      body: 'bytes',
      handle(call) {
        const at = target(call, 'WRITE_VOLUME');
        if (!at.isRoot && volumeFiles.read(at.path)) throw new ApiError({ status: 409, errorCode: 'ALREADY_EXISTS', message: 'A file with this name already exists.' });
        volumeFiles.makeDirectory(at, call.at);
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: DIRECTORIES,
      handle(call) {
        const at = directory(target(call, 'WRITE_VOLUME'));
        if (at.isRoot) throw invalidParameter('The root of a volume cannot be deleted as a directory.');
        if (volumeFiles.list(at).length > 0) throw new ApiError({ status: 400, errorCode: 'INVALID_PARAMETER_VALUE', message: 'The directory is not empty.', reason: 'FILES_API_DIRECTORY_IS_NOT_EMPTY' });
        volumeFiles.removeDirectory(at);
        return { status: 204 };
      },
    },
  ];
}

function listing(workspace: Workspace, call: Call, at: VolumePath): Reply {
  const size = Math.min(queryInteger(call.query, 'page_size', 0, 100_000) || PAGE, PAGE);
  const after = Buffer.from(call.query.get('page_token') ?? '', 'base64url').toString();
  const entries = workspace.volumeFiles.list(at).filter((entry) => entry.name > after);
  const page = entries.slice(0, size);
  const last = page.at(-1);
  return ok({
    ...(page.length === 0
      ? {}
      : {
          contents: page.map((entry) => ({
            path: entry.path,
            name: entry.name,
            is_directory: entry.file === undefined,
            ...(entry.file ? { file_size: entry.file.bytes.length } : {}),
            last_modified: entry.modifiedAt,
          })),
        }),
    ...(last && entries.length > size ? { next_page_token: Buffer.from(last.name).toString('base64url') } : {}),
  });
}

const fileHeaders = (file: StoredFile): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-length': String(file.bytes.length),
  'last-modified': new Date(file.modifiedAt).toUTCString(),
});
