import { Connection } from '@temporalio/client';
import { missingNamespace, silence } from './answers.ts';
import type { temporalOptions } from './connection-options.ts';
import { whyUnreachable } from './handshake.ts';

const CONNECT_MS = 5_000;

/**
 * Connects to Temporal, and sees that the namespace is there: without it a worker would wait for ever.
 * @throws {NoServer} when nobody answers; {NoAnswer} when the server refuses us, or has no such namespace.
 */
export async function reachTemporal(
  options: ReturnType<typeof temporalOptions>['connection'],
  namespace: string,
): Promise<Connection> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...options, connectTimeout: CONNECT_MS });
  } catch (error) {
    throw await whyUnreachable(error, options);
  }
  try {
    await connection.withDeadline(Date.now() + CONNECT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    // Whoever may not look at the namespace may still use it.
    if (missingNamespace(error) !== undefined) {
      await connection.close();
      throw silence(error, options.address);
    }
  }
  return connection;
}
