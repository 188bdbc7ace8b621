import { WORKFLOWS } from '../../domain/replayed/made/temporal-names.ts';
import type { TemporalReads } from '../reads.ts';
import { listRuns, type ListedRun } from './executions-list.ts';

/** The latest lifecycle of an id. */
export interface KnownWorkshop extends Omit<ListedRun, 'workflowId'> {
  readonly id: string;
}

/** A page of the guide that was turned is no end. */
const LATEST = `WorkflowType = "${WORKFLOWS.workshop}" AND ExecutionStatus != "ContinuedAsNew"`;

/** Every workshop that the server has not forgotten: those that run first, then the latest to end. */
export async function knownWorkshops(reads: TemporalReads): Promise<KnownWorkshop[]> {
  const latest = new Map<string, KnownWorkshop>();
  for (const { workflowId, ...run } of await listRuns(reads, LATEST)) {
    const id = /^workshop\/([^/]+)$/.exec(workflowId)?.[1];
    if (id !== undefined && !latest.has(id)) latest.set(id, { id, ...run });
  }
  const endOf = ({ closedAt }: KnownWorkshop) => closedAt ?? Infinity;
  return [...latest.values()].toSorted((a, b) => {
    const [endOfA, endOfB] = [endOf(a), endOf(b)];
    return endOfA === endOfB ? (a.id < b.id ? -1 : 1) : endOfB - endOfA;
  });
}
