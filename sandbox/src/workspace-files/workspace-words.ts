import { TreeRefusal } from '../disk/tree-refusal.ts';
import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import type { Principal } from '../identity/principals.ts';
import type { WorkspaceLevel } from './workspace-files.ts';

/** The errors of the workspace API, in its own words (docs/facts/ssh-and-claude.md section 2). */
export const noSuchPath = (path: string): ApiError => notFound(`Path (${path}) doesn't exist.`);

export const noParentFolder = (path: string): ApiError => notFound(`The parent folder (${path}) does not exist.`);

export const pathExists = (path: string, status: 400 | 409 = 400): ApiError =>
  new ApiError({ status, errorCode: 'RESOURCE_ALREADY_EXISTS', message: `Path (${path}) already exists.` });

export const folderNotEmpty = (path: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'DIRECTORY_NOT_EMPTY', message: `Folder (${path}) is not empty` });

export const folderProtected = (name: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'DIRECTORY_PROTECTED', message: `Folder ${name} is protected` });

const ACTS: Readonly<Record<WorkspaceLevel, string>> = {
  CAN_READ: 'View',
  CAN_RUN: 'Run',
  CAN_EDIT: 'Edit',
  CAN_MANAGE: 'Manage',
};

export const mayNot = (who: Principal, level: WorkspaceLevel, path: string): ApiError =>
  permissionDenied(
    `${who.userName} does not have ${ACTS[level]} permissions on ${path}. Please contact the owner ` +
      'or an administrator for access.',
  );

/** What the disk refuses, as the workspace API says it. @param path as the client wrote it. */
export function inWorkspaceWords<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TreeRefusal ? workspaceError(error, path) : error;
  }
}

function workspaceError({ kind }: TreeRefusal, path: string): ApiError {
  switch (kind) {
    case 'invalid-path':
      return invalidParameter(`Path (${path}) is too long, or too deep.`);
    case 'missing':
    case 'not-directory':
      return noParentFolder(path.slice(0, path.lastIndexOf('/')) || '/');
    case 'exists':
    case 'is-directory':
      return pathExists(path);
    case 'not-empty':
      return folderNotEmpty(path);
    case 'too-large':
      return new ApiError({
        status: 400,
        errorCode: 'MAX_FILE_SIZE_EXCEEDED',
        message: `The file (${path}) is too large for the sandbox.`,
      });
    case 'unreadable':
      return permissionDenied(`A node keeps (${path}) to itself: its mode does not let anybody else in.`);
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
