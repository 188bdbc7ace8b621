import { CommanderError } from 'commander';
import { ConnectError, DatabricksError, UnreachableError } from '../../databricks/transport/errors.ts';
import { EndedWithoutReport, NoAnswer, Refused, WrongSettings } from '../../temporal/client-errors.ts';
import { DidNotStart } from '../rehearsal/embedded/did-not-start.ts';

/** What a script may rely on. */
export const EXIT = {
  ok: 0,
  /** It ran, and the outcome is not what was wanted: somebody not ready, something left. */
  notAsWanted: 1,
  /** What was asked cannot be had: wrong input, an id in use, nothing there. Nothing was created. */
  refused: 2,
  /** Temporal, a worker or the workspace does not answer, or refuses the credentials. */
  unreachable: 3,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;

/** For `workshop --help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    done, and as wanted
  1    it ran, and the outcome is not what was wanted: somebody was not ready, something is left, a check failed
  2    refused: wrong input, an id in use, nothing there, no confirmation; nothing was created
  3    Temporal, a worker or the workspace does not answer, or refuses the credentials
  130  ended by Ctrl-C`;

/** Something wrong with what was given, said for people; nothing was done. */
export class WrongInput extends Error {
  override readonly name = 'WrongInput';
}

/** It ran, and did not come out as wanted, for a reason that is known and said. */
export class NotAsWanted extends Error {
  override readonly name = 'NotAsWanted';
}

/** Ctrl-C where a person was asked something; nothing was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Ends the program with one clear message. A stack is only for what nobody foresaw. */
export function exitWith(error: unknown): void {
  process.exitCode = codeOf(error);
  // Commander has printed its message already.
  if (error instanceof CommanderError) return;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${isForeseen(error) ? message : ((error as Error).stack ?? message)}\n`);
}

/** The exit code that an error stands for. */
export function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.refused;
  if (
    error instanceof WrongInput ||
    error instanceof Refused ||
    error instanceof WrongSettings ||
    error instanceof ConnectError
  )
    return EXIT.refused;
  if (error instanceof NoAnswer || error instanceof DatabricksError || error instanceof UnreachableError)
    return EXIT.unreachable;
  if (error instanceof Interrupted) return EXIT.interrupted;
  return EXIT.notAsWanted;
}

const isForeseen = (error: unknown): boolean =>
  !(error instanceof Error) ||
  codeOf(error) !== EXIT.notAsWanted ||
  [NotAsWanted, EndedWithoutReport, DidNotStart].some((kind) => error instanceof kind);
