import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { canaryChainActivities, type ChainOutcome } from '../../src/activities/canary-chain.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { connectWorkspace } from '../../src/databricks/workspace.ts';
import { describeWithClaudeCode, wholeBundle, workshopSandbox } from '../init-scripts/workshop-node.ts';
import { ANN } from '../sandbox/harness.ts';

describeWithClaudeCode('the chain', () => {
  const opened = workshopSandbox(async () => await wholeBundle());
  test('all', async () => {
    const { launch, sandbox } = opened();
    const { id } = await launch();
    const workspace = connectWorkspace({ host: sandbox.url, token: sandbox.tokenFor(ANN), env: {} });
    const env = { PATH: process.env['PATH'], WORKSHOP_DATABRICKS_CLI: '/tmp/databricks-cli-rel/databricks', WORKSHOP_DATABRICKS_CLI_RELEASES: '/tmp/rel' };
    const { tryChain } = canaryChainActivities({ workspace, closing: new AbortController().signal, env } as unknown as ActivityDeps);
    const outcome = (await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(tryChain, { workshopId: 'w', runId: 'r', workspaceId: '1' }, { clusterId: id, userName: ANN, limits: { whole: 60_000, tunnel: 30_000, hop: 30_000 } })) as ChainOutcome;
    console.log(outcome);
    expect(outcome.hops.filter(({ state }) => state !== 'passed')).toEqual([]);
  });
});
