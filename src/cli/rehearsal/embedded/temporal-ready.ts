import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

const LOOK_AGAIN_MS = 100;
const CALL_MS = 5_000;
/**
 * Long enough for the weeks around a workshop; the development server keeps finished workflows for a day by default.
 */
const RETENTION_MS = 30 * 24 * 60 * 60 * 1_000;

/**
 * Waits until a development server serves the namespace and knows the search attributes, and has it keep finished
 * workflows for 30 days. Says `ready`, or when the signal comes first, the last thing that was in the way.
 */
export async function readyForUse(
  address: string,
  namespace: string,
  searchAttributes: readonly string[],
  signal: AbortSignal,
): Promise<'ready' | (string & {})> {
  let obstacle = 'no answer';
  while (!signal.aborted) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        obstacle = await connection.withDeadline(Date.now() + CALL_MS, () =>
          prepare(connection, namespace, searchAttributes),
        );
        if (obstacle === '') return 'ready';
      } finally {
        await connection.close();
      }
    } catch (error) {
      obstacle = error instanceof Error ? error.message : String(error);
    }
    await wait(LOOK_AGAIN_MS);
  }
  return obstacle;
}

/** Returns what is still missing; nothing if all is well. */
async function prepare(
  connection: Connection,
  namespace: string,
  searchAttributes: readonly string[],
): Promise<string> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(RETENTION_MS) },
  });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in customAttributes));
  return missing.length === 0 ? '' : `search attributes are not known yet: ${missing.join(', ')}`;
}
