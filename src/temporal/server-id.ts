import { hostname } from 'node:os';
import type { Connection } from '@temporalio/client';
import type { TemporalServerId } from '../domain/replayed/claim/claim.ts';

const ANSWER_MS = 5_000;

/**
 * Which Temporal server this is, as it is written where others read it: no credentials. A server gives each namespace
 * an id of its own; whoever may not ask for it goes by address and computer.
 */
export async function serverId(
  connection: Pick<Connection, 'workflowService' | 'withDeadline'>,
  { address, namespace }: { readonly address: string; readonly namespace: string },
): Promise<TemporalServerId> {
  const host = hostname();
  const given = await connection
    .withDeadline(Date.now() + ANSWER_MS, () => connection.workflowService.describeNamespace({ namespace }))
    .then(
      ({ namespaceInfo }) => namespaceInfo?.id,
      () => undefined,
    );
  return { id: given || `${address}/${namespace}@${host}`, address, namespace, host };
}
