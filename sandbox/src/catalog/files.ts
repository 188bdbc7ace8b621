import { TreeRefusal } from '../disk/tree-refusal.ts';
import type { TreeEntry } from '../disk/file-tree.ts';
import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import { byteRange } from '../http/byte-range.ts';
import { queryInteger } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import { parseVolumePath } from './volume-files.ts';
import type { VolumePath } from './volume-files.ts';
import type { Workspace } from '../workspace.ts';

const FILES = '/api/2.0/fs/files/*path';
const DIRECTORIES = '/api/2.0/fs/directories/*path';
const PAGE = 1_000;

/** The Files API over Unity Catalog volumes. A file brings the directories that it lies in along. */
export function fileRoutes(workspace: Workspace): Route[] {
  const { volumeFiles } = workspace;

  const target = (call: Call, privilege: 'READ_VOLUME' | 'WRITE_VOLUME'): VolumePath => {
    const at = parseVolumePath(`/${(call.params['path'] ?? '').replace(/^\//, '')}`);
    volumeFiles.volumeOf(at);
    const refusal = volumeFiles.refusal(call.caller.userName, at.path, privilege);
    if (refusal !== undefined) throw permissionDenied(refusal);
    return at;
  };

  const stored = (at: VolumePath): TreeEntry => {
    const found = volumeFiles.find(at);
    if (found?.kind !== 'file') throw noSuchFile();
    return found;
  };

  const directory = (at: VolumePath): VolumePath => {
    if (!volumeFiles.isDirectory(at)) throw noSuchDirectory();
    return at;
  };

  const routes: Route[] = [
    {
      does: 'Says how long a file in a volume is and when it was changed',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'HEAD',
      path: FILES,
      handle: (call) => ({ headers: headersOf(stored(target(call, 'READ_VOLUME'))) }),
    },
    {
      does: 'Reads a file in a volume, or the part of it that a Range header asks for',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'GET',
      path: FILES,
      handle(call) {
        const at = target(call, 'READ_VOLUME');
        return download(workspace, call, at, stored(at));
      },
    },
    {
      does: 'Writes a file in a volume with the directories above it; overwrite=false keeps an existing file',
      source: 'docs/facts/databricks.md section 6',
      method: 'PUT',
      path: FILES,
      body: 'bytes',
      handle(call) {
        const at = target(call, 'WRITE_VOLUME');
        const found = volumeFiles.find(at);
        if (at.isRoot || found?.kind === 'directory')
          throw invalidParameter(`The path '${at.path}' is a directory, not a file.`);
        if (found && call.query.get('overwrite') === 'false')
          throw alreadyExists('The file being created already exists.');
        volumeFiles.write(at, call.bytes, call.at);
        return { status: 204 };
      },
    },
    {
      does: 'Removes a file from a volume',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'DELETE',
      path: FILES,
      handle(call) {
        if (!volumeFiles.removeFile(target(call, 'WRITE_VOLUME'), call.at)) throw noSuchFile();
        return { status: 204 };
      },
    },
    {
      does: 'Says whether a directory of a volume exists; 404 for a file, which `fs cp` counts on',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'HEAD',
      path: DIRECTORIES,
      handle(call) {
        directory(target(call, 'READ_VOLUME'));
        return { headers: {} };
      },
    },
    {
      does: 'Lists a directory of a volume, page by page',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'GET',
      path: DIRECTORIES,
      handle: (call) => listing(workspace, call, directory(target(call, 'READ_VOLUME'))),
    },
    {
      does: 'Makes a directory of a volume with its parents; nothing happens when it exists',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'PUT',
      path: DIRECTORIES,
      body: 'bytes',
      handle(call) {
        volumeFiles.makeDirectory(target(call, 'WRITE_VOLUME'), call.at);
        return { status: 204 };
      },
    },
    {
      does: 'Removes an empty directory of a volume',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'DELETE',
      path: DIRECTORIES,
      handle(call) {
        const at = directory(target(call, 'WRITE_VOLUME'));
        if (at.isRoot) throw invalidParameter('The root of a volume cannot be deleted as a directory.');
        volumeFiles.removeDirectory(at, call.at);
        return { status: 204 };
      },
    },
  ];
  return routes.map((route) =>
    route.access === 'open' ? route : { ...route, handle: (call) => inFilesWords(() => route.handle(call)) },
  );
}

function download(workspace: Workspace, call: Call, at: VolumePath, file: TreeEntry): Reply {
  const unmodifiedSince = Date.parse(call.headers['if-unmodified-since'] ?? '');
  // HTTP dates have whole seconds.
  if (Math.floor(file.modifiedAt / 1_000) * 1_000 > unmodifiedSince) {
    throw new ApiError({
      status: 412,
      errorCode: 'PRECONDITION_FAILED',
      message: 'The file has been modified since the time given in If-Unmodified-Since.',
    });
  }
  const part = byteRange(call.headers.range, file.size);
  const bytes = workspace.volumeFiles.readPart(at, part);
  if (!bytes) throw noSuchFile();
  // It may have become shorter since it was looked at.
  const headers = { ...headersOf(file), 'content-length': String(bytes.length) };
  return part
    ? { status: 206, bytes, headers: { ...headers, 'content-range': `bytes ${part.first}-${part.last}/${file.size}` } }
    : { bytes, headers };
}

function listing(workspace: Workspace, call: Call, at: VolumePath): Reply {
  const size = Math.min(queryInteger(call.query, 'page_size', 0, 100_000) || PAGE, PAGE);
  const after = Buffer.from(call.query.get('page_token') ?? '', 'base64url').toString();
  const found = workspace.volumeFiles.list(at, { after, most: size + 1 });
  const page = found.slice(0, size);
  const last = page.at(-1);
  return ok({
    ...(page.length === 0 ? {} : { contents: page.map((entry) => contentsLine(at, entry)) }),
    ...(last && found.length > size ? { next_page_token: Buffer.from(last.name).toString('base64url') } : {}),
  });
}

const contentsLine = (at: VolumePath, { name, kind, size, modifiedAt }: TreeEntry): unknown => ({
  path: `${at.path}/${name}`,
  name,
  is_directory: kind === 'directory',
  ...(kind === 'file' ? { file_size: size } : {}),
  last_modified: modifiedAt,
});

const headersOf = (file: TreeEntry): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-length': String(file.size),
  'last-modified': new Date(file.modifiedAt).toUTCString(),
  'accept-ranges': 'bytes',
});

const noSuchFile = (): ApiError => notFound('The file being accessed is not found.', 'NOT_FOUND');

const noSuchDirectory = (): ApiError => notFound('The directory being accessed is not found.', 'NOT_FOUND');

const alreadyExists = (message: string): ApiError =>
  new ApiError({ status: 409, errorCode: 'ALREADY_EXISTS', message });

/** What the disk refuses, as the Files API says it. */
function inFilesWords<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TreeRefusal ? filesApiError(error) : error;
  }
}

function filesApiError({ kind }: TreeRefusal): ApiError {
  switch (kind) {
    case 'invalid-path':
      return invalidParameter('Invalid path: a name in it is too long, or it is too deep.');
    case 'missing':
      return notFound('The parent directory of the file does not exist.', 'NOT_FOUND');
    case 'not-directory':
    case 'exists':
      return alreadyExists('The given path points to an existing file. This API does not support operations on files.');
    case 'is-directory':
      return invalidParameter('The path is a directory, not a file.');
    case 'not-empty':
      return new ApiError({
        status: 400,
        errorCode: 'INVALID_PARAMETER_VALUE',
        message: 'The directory is not empty.',
        reason: 'FILES_API_DIRECTORY_IS_NOT_EMPTY',
      });
    case 'too-large':
      return new ApiError({
        status: 413,
        errorCode: 'REQUEST_TOO_LARGE',
        message: 'The file is too large for the sandbox.',
      });
    case 'unreadable':
      return permissionDenied('A node keeps this file or directory to itself: its mode does not let anybody else in.');
    case 'full':
      return new ApiError({
        status: 507,
        errorCode: 'RESOURCE_EXHAUSTED',
        message: 'The disk that the sandbox keeps its files on is full.',
      });
    default:
      return kind satisfies never;
  }
}
