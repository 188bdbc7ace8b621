import { TreeRefusal } from '../disk/tree-refusal.ts';
import { ApiError, invalidParameter, notFound, permissionDenied } from '../http/errors.ts';

/** The errors of the DBFS API, in its own words. */
export const noSuchPath = (path: string): ApiError => notFound(`No file or directory exists on path ${path}.`);

export const pathExists = (path: string): ApiError =>
  new ApiError({
    status: 400,
    errorCode: 'RESOURCE_ALREADY_EXISTS',
    message: `A file or directory already exists at the input path ${path}.`,
  });

export const blockTooLarge = (
  errorCode: 'MAX_BLOCK_SIZE_EXCEEDED' | 'MAX_READ_SIZE_EXCEEDED',
  most: number,
): ApiError => new ApiError({ status: 400, errorCode, message: `At most ${most} bytes can be sent or read at once.` });

/** What the disk refuses, as DBFS says it. */
export function inDbfsWords<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TreeRefusal ? saidByDbfs(error, path) : error;
  }
}

function saidByDbfs({ kind }: TreeRefusal, path: string): ApiError {
  switch (kind) {
    case 'invalid-path':
      return invalidParameter(`Invalid path: ${path}`);
    case 'missing':
      return noSuchPath(path);
    case 'exists':
    case 'is-directory':
    case 'not-directory':
      return pathExists(path);
    case 'not-empty':
      return new ApiError({
        status: 400,
        errorCode: 'IO_ERROR',
        message: 'Directory is not empty. Use recursive delete or remove contents first.',
      });
    case 'too-large':
      return new ApiError({
        status: 400,
        errorCode: 'MAX_BLOCK_SIZE_EXCEEDED',
        message: `The file ${path} is too large for the sandbox.`,
      });
    case 'unreadable':
      return permissionDenied(`The file system of the sandbox does not let anybody at ${path}.`);
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
