import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { FailureDetail } from '../../activities/retryable-failures.ts';
import type { Diagnosis } from '../../domain/replayed/diagnosis/diagnosis.ts';

/** What went wrong with a seat, as its diagnosis: what no retry cures is for a person. */
export function diagnosisOf(error: unknown): Diagnosis {
  const { type, message, toDo, handOff } = troubleOf(error);
  const { cause } = error instanceof Error ? error : {};
  const isFinal = cause instanceof ApplicationFailure && cause.nonRetryable === true;
  return {
    class: type,
    cause: message,
    toDo: [toDo, ...(handOff ?? [])].join('\n'),
    remedy: isFinal ? 'person' : 'again',
  };
}

/** What went wrong, in words for the checklist and the roster. */
export interface Trouble {
  readonly type: string;
  readonly message: string;
  readonly toDo: string;
  readonly handOff?: readonly string[];
}

/** Reads what an activity's failure says to people. Anything unforeseen is said too, never swallowed. */
export function troubleOf(error: unknown): Trouble {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  if (cause instanceof ApplicationFailure) {
    const detail = cause.details?.[0] as FailureDetail | undefined;
    return {
      type: cause.type ?? 'FAILED',
      message: cause.message,
      toDo: detail?.toDo ?? 'It is tried again by itself.',
      ...(detail?.handOff ? { handOff: detail.handOff } : {}),
    };
  }
  if (cause instanceof TimeoutFailure) {
    return {
      type: 'TIMEOUT',
      message: `No answer in time (${cause.timeoutType}).`,
      toDo: 'Check that a worker runs and reaches the workspace; it is tried again by itself.',
    };
  }
  return {
    type: 'UNFORESEEN',
    message: error instanceof Error ? error.message : String(error),
    toDo: 'It is tried again by itself; if it goes on, look at the workflow in the Temporal UI.',
  };
}

/**
 * A call's failure in one line, with what to do.
 * @throws what is no failure of a call
 */
export function inWords(error: unknown): string {
  if (!(error instanceof ActivityFailure) && !(error instanceof ApplicationFailure)) throw error;
  const { message, toDo } = troubleOf(error);
  return `${message} ${toDo}`;
}
