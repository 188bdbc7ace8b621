import { parseVolumePath } from '../catalog/volume-files.ts';
import { parseJson } from '../http/request-bytes.ts';
import type { Asked } from '../http/perform.ts';

/** What a request did to a file, or to a folder with everything in it. */
export interface FileAct {
  readonly act: 'written' | 'removed';
  readonly path: string;
}

/** Undefined when it did nothing to any. */
export function fileActOf({ method, route, params, bytes }: Asked): FileAct | undefined {
  switch (`${method} ${route.path}`) {
    case 'PUT /api/2.0/fs/files/*path':
      return { act: 'written', path: inVolume(params['path']) };
    case 'DELETE /api/2.0/fs/files/*path':
    case 'DELETE /api/2.0/fs/directories/*path':
      return { act: 'removed', path: inVolume(params['path']) };
    case 'POST /api/2.0/workspace-files/import-file/*path':
      return { act: 'written', path: ofWorkspace(pathOf(params['path'])) };
    case 'POST /api/2.0/workspace/import':
      return named(bytes, 'written');
    case 'POST /api/2.0/workspace/delete':
      return named(bytes, 'removed');
    default:
      return undefined;
  }
}

/** A form instead of JSON names no path that is worth the reading. */
function named(bytes: Buffer, act: FileAct['act']): FileAct | undefined {
  let body: unknown;
  try {
    body = parseJson(bytes);
  } catch {
    return undefined;
  }
  const path =
    body !== null && typeof body === 'object' && 'path' in body && typeof body.path === 'string'
      ? body.path
      : undefined;
  return path === undefined ? undefined : { act, path: ofWorkspace(pathOf(path)) };
}

const pathOf = (given = ''): string => `/${decoded(given).replace(/^\/+|\/+$/g, '')}`;

const inVolume = (given: string | undefined): string => parseVolumePath(pathOf(given)).path;

/** `/Users/x` and `/Workspace/Users/x` are one place. */
const ofWorkspace = (path: string): string => (path.startsWith('/Workspace/') ? path : `/Workspace${path}`);

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
