import type { Login } from './machine-root.ts';

/** Whether this process is root. */
export const PRIVILEGED = process.getuid?.() === 0;
/**
 * Without privileges a node has one user only, and sshd wants it not to be 0 (docs/facts/ssh-and-claude.md section 1).
 */
export const LOGIN: Login = PRIVILEGED ? { uid: 0, gid: 0 } : { uid: 1_000, gid: 1_000 };
