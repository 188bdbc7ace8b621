/** Why something on disk was not done, in the file system's own terms. */
export type TreeRefusalKind =
  | 'invalid-path'
  | 'missing'
  | 'not-directory'
  | 'is-directory'
  | 'exists'
  | 'not-empty'
  | 'too-large'
  | 'unreadable'
  | 'full';

/** Thrown by a file tree. Each API says it in words of its own. */
export class TreeRefusal extends Error {
  override readonly name = 'TreeRefusal';
  readonly kind: TreeRefusalKind;

  constructor(kind: TreeRefusalKind) {
    super(`The file tree refused: ${kind}`);
    this.kind = kind;
  }
}

const BY_CODE: Readonly<Record<string, TreeRefusalKind>> = {
  ENOENT: 'missing',
  ENOTDIR: 'not-directory',
  // A symbolic link where none is followed.
  ELOOP: 'not-directory',
  EISDIR: 'is-directory',
  EEXIST: 'exists',
  ENOTEMPTY: 'not-empty',
  ENAMETOOLONG: 'invalid-path',
  EFBIG: 'too-large',
  EACCES: 'unreadable',
  EPERM: 'unreadable',
  EROFS: 'unreadable',
  ENOSPC: 'full',
  EDQUOT: 'full',
};

/**
 * Carries out something on disk.
 * @throws {TreeRefusal} for what a file system refuses; anything else is a fault of the sandbox.
 */
export function onDisk<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const kind = BY_CODE[codeOf(error)];
    throw kind === undefined ? error : new TreeRefusal(kind);
  }
}

/** The same, but undefined where there is nothing. */
export function ifThere<T>(act: () => T): T | undefined {
  try {
    return onDisk(act);
  } catch (error) {
    if (error instanceof TreeRefusal && (error.kind === 'missing' || error.kind === 'not-directory')) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
