import { readFileSync, statSync } from 'node:fs';

/** How long a log is now, to read only what comes after; 0 if there is none yet. */
export function logLength(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was appended to a log since it had this length. */
export function logSince(path: string, length: number): string {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path).subarray(length).toString('utf8') : '';
}

/** The last lines that were appended since then, indented, for an error message. */
export function lastLines(path: string, length: number, count = 15): string {
  const lines = logSince(path, length).trimEnd().split('\n').slice(-count);
  return lines.map((line) => `  ${line}`).join('\n');
}
