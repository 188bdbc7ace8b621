import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { upsertMemo, workflowInfo } from '@temporalio/workflow';

/** Says who it is for in every way that a workflow has, and fails with their name once it is told to. */
export async function small({ email }: { email: string }): Promise<never> {
  let told: string | undefined;
  setHandler(defineQuery<string>('who'), () => `${email} ${String(workflowInfo().memo?.['about'])}`);
  setHandler(defineSignal<[string]>('end'), (by) => void (told = by));
  setHandler(defineUpdate<string, [string]>('greet'), (by) => `${email} greets ${by}`, {
    validator: (by) => {
      if (by !== 'bo@example.com') throw ApplicationFailure.nonRetryable(`${email} does not know ${by}`);
    },
  });
  upsertMemo({ note: `${email} is here` });
  await condition(() => told !== undefined);
  throw ApplicationFailure.nonRetryable(`${email} was told to end by ${told ?? ''}`);
}
