import { setTimeout as sleep } from 'node:timers/promises';
import type { Nodes, Task, TaskOutcome } from '../src/nodes/nodes.ts';
import { SIMULATED_ONLY } from '../src/nodes/nodes.ts';

/** Work that was started on a machine, and what the test makes of it. */
export interface StartedWork {
  readonly clusterId: string;
  readonly runAs: string;
  readonly task: Task;
  isCancelled: boolean;
  /** Its first process runs. */
  begin(): void;
  end(outcome: TaskOutcome): void;
}

/** Machines that do whatever the test says, and remember what they were asked. */
export function obedientMachines() {
  const work: StartedWork[] = [];
  const nodes: Nodes = {
    ...SIMULATED_ONLY,
    kindOf: () => 'real',
    start(cluster, runAs, task) {
      const started = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<TaskOutcome>();
      const one: StartedWork = {
        clusterId: cluster.id,
        runAs: runAs.userName,
        task,
        isCancelled: false,
        begin: started.resolve,
        end: ended.resolve,
      };
      work.push(one);
      return {
        started: started.promise,
        ended: ended.promise,
        cancel() {
          one.isCancelled = true;
          started.resolve();
          ended.resolve({ succeeded: false, output: '', error: 'cancelled' });
        },
      };
    },
  };
  return { nodes, work };
}

/** Lets promises that were just resolved be heard. */
export const settle = (): Promise<void> => sleep(0);
