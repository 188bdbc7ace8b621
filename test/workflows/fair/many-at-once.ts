import { continueAsNew, executeChild, proxyActivities } from '@temporalio/workflow';

const { share, turn } = proxyActivities<{
  /** The key that this activity was dealt by. */
  share(): Promise<string>;
  turn(): Promise<void>;
}>({ startToCloseTimeout: '30s', taskQueue: 'turns' });

/** The keys that its activities are dealt by: its own, a child's, and those of what it continues as. */
export async function family(before: readonly string[] = []): Promise<readonly string[]> {
  const known = [...before, await share(), await executeChild(shareOfChild)];
  return before.length > 0 ? known : continueAsNew<typeof family>(known);
}

export const shareOfChild = (): Promise<string> => share();

/** So many activities that wait at once. */
export async function crowd(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => turn()));
}
