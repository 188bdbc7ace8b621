import { ConnectError, DatabricksError, UnreachableError } from '../databricks/workspace.ts';
import { Refused } from '../client.ts';

/** What a script may rely on. */
export const EXIT = {
  ok: 0,
  /** It ran, and the outcome is not what was wanted: somebody not ready, something left. */
  notAsWanted: 1,
  /** What was asked cannot be had: wrong input, an id in use, nothing there. Nothing was created. */
  refused: 2,
  /** Temporal or the workspace does not answer, or refuses the credentials. */
  unreachable: 3,
} as const;

/** Something wrong with what was given, said for people; nothing was done. */
export class WrongInput extends Error {
  override readonly name = 'WrongInput';
}

/** Ends the program with one clear message. A stack is only for what nobody foresaw. */
export function exitWith(error: unknown): void {
  process.exitCode = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${codeOf(error) === EXIT.notAsWanted && error instanceof Error ? (error.stack ?? message) : message}\n`);
}

function codeOf(error: unknown): number {
  if (error instanceof WrongInput || error instanceof Refused || error instanceof ConnectError) return EXIT.refused;
  if (error instanceof DatabricksError || error instanceof UnreachableError) return EXIT.unreachable;
  return EXIT.notAsWanted;
}
