import type { WorkflowInterceptors } from '@temporalio/workflow';

/**
 * The time-skipping server answers "done" to a continue-as-new that it refused because a signal came in between, and
 * hands the next task to the cached run, which would then send its old state again: the signal would be lost. A run
 * that has continued as new refuses to go on, and begins anew with its whole history, as behind a real server.
 */
export const interceptors = (): WorkflowInterceptors => {
  let hasContinued = false;
  return {
    outbound: [
      {
        continueAsNew: (input, next) => {
          hasContinued = true;
          return next(input);
        },
      },
    ],
    internals: [
      {
        activate: (input, next) => {
          const { jobs } = input.activation;
          if (hasContinued && jobs?.some(({ queryWorkflow }) => !queryWorkflow))
            throw new Error('continue-as-new was refused');
          next(input);
        },
      },
    ],
  };
};
