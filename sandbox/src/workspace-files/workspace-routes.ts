import { z } from 'zod';
import { queryInteger, queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { exported } from './export.ts';
import type { WorkspaceFiles, WorkspaceLevel, WorkspaceObject } from './workspace-files.ts';
import { parentOf, parseWorkspacePath, writtenPath } from './workspace-path.ts';
import type { WorkspacePath } from './workspace-path.ts';
import {
  folderNotEmpty,
  folderProtected,
  inWorkspaceWords,
  mayNot,
  noSuchPath,
  pathExists,
} from './workspace-words.ts';

const mkdirsBody = z.object({ path: text });
const deleteBody = z.object({ path: text, recursive: z.boolean().default(false) });

const SOURCE = 'docs/facts/ssh-and-claude.md section 2';

/** Looking at workspace objects, making folders and removing. What is written goes through import-routes.ts. */
export function workspaceRoutes(workspace: Workspace): Route[] {
  const { workspaceFiles } = workspace;

  /** What cannot be seen is not there. */
  const seen = (call: Call, at: WorkspacePath): WorkspaceObject => {
    const found = workspaceFiles.find(at.names);
    if (!found || !workspaceFiles.allows(call.caller, found, 'CAN_READ')) throw noSuchPath(at.given);
    return found;
  };

  return [
    {
      does: 'Describes a folder, file or notebook of the workspace',
      source: SOURCE,
      method: 'GET',
      path: '/api/2.0/workspace/get-status',
      handle(call) {
        const at = parseWorkspacePath(queryText(call.query, 'path'));
        return inWorkspaceWords(at.given, () =>
          ok(view(at.prefix, seen(call, at), call.query.get('return_export_info') === 'true')),
        );
      },
    },
    {
      does: 'Lists a folder of the workspace',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'GET',
      path: '/api/2.0/workspace/list',
      handle(call) {
        const at = parseWorkspacePath(queryText(call.query, 'path'));
        const since = queryInteger(call.query, 'notebooks_modified_after', 0, Number.MAX_SAFE_INTEGER);
        return inWorkspaceWords(at.given, () => {
          const found = seen(call, at);
          const objects = (found.kind === 'directory' ? workspaceFiles.list(at.names) : [found])
            .filter((object) => workspaceFiles.allows(call.caller, object, 'CAN_READ'))
            .filter((object) => since === undefined || object.kind !== 'notebook' || object.modifiedAt > since);
          return ok(objects.length === 0 ? {} : { objects: objects.map((object) => view(at.prefix, object, false)) });
        });
      },
    },
    {
      does: 'Makes a folder of the workspace with its parents; nothing happens when it exists',
      source: SOURCE,
      method: 'POST',
      path: '/api/2.0/workspace/mkdirs',
      handle(call) {
        const at = parseWorkspacePath(readBody(mkdirsBody, call.json).path);
        return inWorkspaceWords(at.given, () => {
          const nearest = nearestTo(workspaceFiles, at);
          if (nearest.kind !== 'directory') throw pathExists(writtenPath(at.prefix, nearest.names));
          if (nearest.names.length < at.names.length) {
            mustAllow(call, workspaceFiles, nearest, 'CAN_MANAGE', at);
            workspaceFiles.makeDirectory(at.names, call.at);
          }
          return ok({});
        });
      },
    },
    {
      does: 'Removes a folder, file or notebook of the workspace; a folder with something in it only with recursive',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'POST',
      path: '/api/2.0/workspace/delete',
      handle(call) {
        const { path, recursive } = readBody(deleteBody, call.json);
        const at = parseWorkspacePath(path);
        return inWorkspaceWords(at.given, () => {
          const found = seen(call, at);
          if (workspaceFiles.isProtected(at.names)) throw folderProtected(at.names.at(-1) ?? '/');
          mustAllow(call, workspaceFiles, found, 'CAN_MANAGE', at);
          if (!recursive && found.kind === 'directory' && workspaceFiles.list(at.names).length > 0)
            throw folderNotEmpty(at.given);
          workspaceFiles.remove(at.names, call.at, recursive);
          return ok({});
        });
      },
    },
    {
      does: 'Reads a file or notebook of the workspace, as base64 in JSON or, with direct_download, as it is',
      source: SOURCE,
      method: 'GET',
      path: '/api/2.0/workspace/export',
      handle(call) {
        const at = parseWorkspacePath(queryText(call.query, 'path'));
        return inWorkspaceWords(at.given, () => exported(workspaceFiles, seen(call, at), at, call.query));
      },
    },
    {
      does: 'Reads a file or notebook of the workspace, as it is',
      source: 'docs/facts/ssh-and-claude.md section 2',
      method: 'GET',
      path: '/api/2.0/workspace-files/*path',
      handle(call) {
        const at = parseWorkspacePath(`/${(call.params['path'] ?? '').replace(/^\//, '')}`);
        return inWorkspaceWords(at.given, () =>
          exported(
            workspaceFiles,
            seen(call, at),
            at,
            new URLSearchParams({ direct_download: 'true', format: 'AUTO' }),
          ),
        );
      },
    },
  ];
}

/** What is there, or the nearest folder above that is. */
function nearestTo(workspaceFiles: WorkspaceFiles, at: WorkspacePath): WorkspaceObject {
  for (let names = at.names; ;) {
    const found = workspaceFiles.find(names);
    if (found) return found;
    const parent = parentOf(names);
    if (!parent) throw noSuchPath('/');
    names = parent;
  }
}

/** @throws 403, or 400 for what nobody may add: the homes of people there are not. */
export function mustAllow(
  call: Call,
  workspaceFiles: WorkspaceFiles,
  object: WorkspaceObject,
  level: WorkspaceLevel,
  at: WorkspacePath,
): void {
  if (!workspaceFiles.allows(call.caller, object, level))
    throw mayNot(call.caller, level, writtenPath(at.prefix, object.names));
  if (object.names.length === 1 && object.names[0] === 'Users') throw folderProtected('Users');
}

function view(prefix: string, object: WorkspaceObject, withExportInfo: boolean): unknown {
  const { kind, names, id, createdAt, modifiedAt, size, language, format } = object;
  return {
    object_type: kind.toUpperCase(),
    path: writtenPath(prefix, names),
    ...(kind === 'notebook' ? { language } : {}),
    ...(kind === 'directory' ? {} : { created_at: createdAt, modified_at: modifiedAt }),
    ...(kind === 'file' ? { size } : {}),
    object_id: id,
    resource_id: String(id),
    ...(kind === 'notebook' && withExportInfo ? { repos_export_format: format } : {}),
  };
}
