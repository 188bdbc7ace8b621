import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import { canaryChainActivities, type ChainOutcome } from '../../../src/activities/canary/chain.ts';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { connectWorkspace } from '../../../src/databricks/workspace.ts';
import type { Hop } from '../../../src/domain/replayed/canary/hops.ts';
import { ANN } from '../../../sandbox/test/harness.ts';
import type { WorkshopSandbox } from '../../init-scripts/workshop-node.ts';

const LIMITS = { whole: 90_000, tunnel: 60_000, hop: 30_000 };

export type Env = Readonly<Record<string, string | undefined>>;

interface Ask {
  readonly workspace: Pick<ActivityDeps['workspace'], 'host' | 'cliEnvironment'>;
  readonly clusterId: string;
  readonly env: Env;
  readonly closing?: AbortSignal;
}

export const RUN = { workshopId: 'w', runId: 'r', workspaceId: '1' };

export function inActivity<T>(act: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(act);
}

export function chain({
  workspace,
  clusterId,
  env,
  closing = new AbortController().signal,
}: Ask): Promise<ChainOutcome> {
  const activities = canaryChainActivities({ workspace, closing, env } as ActivityDeps);
  return inActivity(() => activities.tryChain(RUN, { clusterId, userName: ANN, limits: LIMITS }));
}

/** As a worker that signs in as this person. */
export function as(person: string, { sandbox }: Pick<WorkshopSandbox, 'sandbox'>) {
  const workspace = connectWorkspace({ host: sandbox.url, token: sandbox.tokenFor(person), env: {} });
  onTestFinished(() => workspace.close());
  return workspace;
}

export const states = (hops: readonly Hop[]) => hops.map(({ id, state }) => `${id} ${state}`);
export const hopOf = ({ hops }: ChainOutcome, id: Hop['id']) => hops.find((hop) => hop.id === id);
export const PASSED = [
  'cli passed',
  'proxy passed',
  'api passed',
  'tunnel passed',
  'sshd passed',
  'binary passed',
  'token passed',
  'endpoint passed',
  'claude passed',
];
