import { hideSecrets } from './secrets.ts';

/**
 * One thing wrong in a file a person wrote, and where. `field` is a path like `compute.sparkVersion`, or '' for the
 * file.
 */
export interface Problem {
  readonly field: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * `workshop.yaml:12: compute.sparkVersion: is below …`: the form editors and terminals turn into a link. Shows no
 * credential.
 */
export function formatProblem(fileName: string, problem: Problem): string {
  const field = problem.field === '' ? '' : `${problem.field}: `;
  return hideSecrets(`${fileName}:${problem.line}: ${field}${problem.message}`);
}

/** A piece of somebody's text, fit to stand in a message: one line, shortened, no control characters, no credential. */
export function excerpt(text: string, longest = 40): string {
  // Cut first, with room for what is hidden: the text may be a megabyte.
  const plain = hideSecrets(text.slice(0, longest * 4).replace(/[\p{Cc}\p{Cf}]+/gu, '�'));
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
