import { ApplicationFailure } from '@temporalio/common';
import { ContinueAsNew, isCancellation, proxySinks, type Sinks, type WorkflowInterceptors } from '@temporalio/workflow';

/** Where a run's end is told to the worker. */
export interface RunSinks extends Sinks {
  runs: {
    /** @param how `completed`, `continued`, `cancelled`, or which kind of failure */
    ended(how: string): void;
  };
}

/**
 * Tells the worker when a run has ended, for its trace. The workflow itself is run as without: nothing is awaited in
 * between, and no command carries anything, so that histories of workers that send no traces replay, and the other way
 * round (docs/facts/temporal.md section 10).
 */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: (input, next) => {
        const result = next(input);
        result.then(
          () => ended('completed'),
          (error: unknown) => ended(howItFailed(error)),
        );
        return result;
      },
    },
  ],
});

function ended(how: string): void {
  proxySinks<RunSinks>().runs.ended(how);
}

function howItFailed(error: unknown): string {
  if (error instanceof ContinueAsNew) return 'continued';
  if (isCancellation(error)) return 'cancelled';
  return error instanceof ApplicationFailure ? (error.type ?? 'failed') : 'failed';
}
