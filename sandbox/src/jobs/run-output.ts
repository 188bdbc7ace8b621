import { invalidParameter } from '../http/errors.ts';
import type { Run, TaskOutput, TaskRun } from './run-model.ts';
import { runView, taskAsRunView } from './run-view.ts';
import { SIMULATED } from '../nodes/node-kind.ts';
import type { TaskOutcome } from '../nodes/nodes.ts';

const MOST_BYTES = 5 * 1_048_576;
const ON_REAL_NODE = "This ran on one of the sandbox's real nodes.";

/** What is kept of what a node answered: the first 5 MB of a notebook's result, the last 5 MB of a file's output. */
export function outputOf({ spec }: TaskRun, { output, exitValue, error, trace }: TaskOutcome): TaskOutput {
  const result = Buffer.from(exitValue ?? '');
  const logs = Buffer.from(output);
  return {
    ...(spec.notebook_task
      ? {
          ...(exitValue === undefined ? {} : { result: result.subarray(0, MOST_BYTES).toString() }),
          resultTruncated: result.length > MOST_BYTES,
        }
      : { logs: logs.subarray(-MOST_BYTES).toString(), logsTruncated: logs.length > MOST_BYTES }),
    ...(error === undefined ? {} : { error }),
    ...(trace === undefined ? {} : { trace }),
  };
}

/**
 * The answer of runs/get-output. `info` says whether anything was really run.
 * @throws 400 for a run of several tasks: each has an output of its own.
 */
export function outputView(run: Run, task: TaskRun | undefined, url: string): unknown {
  const [only] = run.tasks;
  const asked = task ?? (run.tasks.length === 1 ? only : undefined);
  if (!asked)
    throw invalidParameter(
      'Retrieving the output of runs with multiple tasks is not supported. Please retrieve the ' +
        'output of each individual task run instead.',
    );
  const { output, spec, node, ending } = asked;
  const error = output.error ?? (ending === undefined || ending.type === 'SUCCESS' ? undefined : ending.message);
  return {
    metadata: task ? taskAsRunView(task, url) : runView(run, url),
    ...(node === undefined ? {} : { info: node === 'real' ? ON_REAL_NODE : SIMULATED }),
    ...(spec.notebook_task && ending
      ? {
          notebook_output: {
            ...(output.result === undefined ? {} : { result: output.result }),
            truncated: output.resultTruncated ?? false,
          },
        }
      : {}),
    ...(output.logs === undefined ? {} : { logs: output.logs, logs_truncated: output.logsTruncated ?? false }),
    ...(error === undefined ? {} : { error }),
    ...(output.trace === undefined ? {} : { error_trace: output.trace }),
  };
}
