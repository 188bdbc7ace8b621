import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/**
 * The time-skipping server answers "done" to an end or a continue-as-new that it refused because a message came in
 * between, and hands the next task to the cached run, which would only send its old state again: the message is lost.
 * Such a task is failed here, so that the worker forgets the run and does the next attempt from its whole history.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let closed = false;
  return {
    internals: [
      {
        activate(input, next) {
          // Queries are answered by closed runs too, and a run that is forgotten does nothing any more.
          const goesOn = input.activation.jobs?.some((job) => !job.queryWorkflow && !job.removeFromCache);
          if (closed && goesOn)
            throw new Error('The server took no end of this run: it is done again from its history');
          next(input);
        },
        concludeActivation(input, next) {
          const output = next(input);
          closed ||= output.commands.some(
            (command) =>
              command.continueAsNewWorkflowExecution ??
              command.completeWorkflowExecution ??
              command.failWorkflowExecution ??
              command.cancelWorkflowExecution,
          );
          return output;
        },
      },
    ],
  };
};
