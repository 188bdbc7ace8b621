import { describe, expect, it } from 'vitest';
import { capabilities } from '../../../src/activities/setup/rights.ts';
import type { Capability } from '../../../src/activities/setup/capability.ts';
import { prepareSandbox } from '../../../src/cli/rehearsal/prepare-sandbox.ts';
import { poolSpec } from '../../../src/domain/replayed/made/pool-spec.ts';
import { ANN, answered, furnish, mutations, openSetting, requestsTo } from '../setting.ts';

const byId = (found: readonly Capability[]) => new Map(found.map((one) => [one.id, one]));

describe('what the worker may do', () => {
  it('is everything for an admin', async () => {
    const setting = await openSetting();
    const { activities, run, plan, sandbox } = setting;
    await furnish(setting);
    const before = mutations(sandbox.books());
    const found = await activities.whatMayI(run, { plan, people: 20 });
    expect(found.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['admin', 'yes'],
      ['policy', 'yes'],
      ['pool', 'yes'],
      ['volume-main.default.init_scripts', 'yes'],
      ['volume-main.default.workshop_logs', 'yes'],
      ['catalog-main', 'yes'],
      ['schema-main.default', 'yes'],
      ['endpoint', 'yes'],
      ['apps', 'yes'],
      ['run-as', 'yes'],
    ]);
    expect(mutations(sandbox.books())).toBe(before);
    expect(await activities.whoAmI(run)).toEqual({ userName: sandbox.adminUserName });
  });

  it('is never "no" to an admin for want of a grant, which admins can give themselves', async () => {
    const { activities, run, plan } = await openSetting();
    const found = await activities.whatMayI(run, { plan, people: 20 });
    expect(found.filter(({ verdict }) => verdict === 'no')).toEqual([]);
    // There is no volume yet; but who owns the schema may make one.
    expect(byId(found).get('volume-main.default.init_scripts')).toMatchObject({
      verdict: 'yes',
      because: 'it holds OWNER on schema main.default',
    });
  });

  it('is found out for anybody by reading only, and every "no" comes with commands', async () => {
    const { activities, run, plan, sandbox } = await openSetting({ worker: ANN });
    const found = await activities.whatMayI(run, { plan, people: 20 });
    const no = found.filter(({ verdict }) => verdict === 'no');
    expect(no.map(({ id }) => id)).toEqual([
      'policy',
      'volume-main.default.init_scripts',
      'volume-main.default.workshop_logs',
      'endpoint',
    ]);
    for (const { because, commands } of no) {
      expect(because).not.toBe('');
      expect(commands.length).toBeGreaterThan(0);
    }
    // Whether it sees others' apps cannot be read.
    expect(byId(found).get('apps')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('its own apps'),
    });
    for (const { verdict } of found) expect(['yes', 'no', 'unknown']).toContain(verdict);
    expect(byId(found).get('volume-main.default.init_scripts')?.commands).toEqual([
      'CREATE VOLUME IF NOT EXISTS `main`.`default`.`init_scripts`;',
      `GRANT READ VOLUME, WRITE VOLUME, MANAGE ON VOLUME \`main\`.\`default\`.\`init_scripts\` TO \`${ANN}\`;`,
    ]);
    expect(byId(found).get('policy')?.commands[0]).toContain(plan.compute.policy);
    expect(byId(found).get('policy')?.commands[1]).toContain(ANN);
    expect(mutations(sandbox.books())).toBe(0);
    expect(await activities.whoAmI(run)).toEqual({ userName: ANN });
  });

  it('says which models there are where the plan names none of them, to an admin too', async () => {
    const { activities, run, plan } = await openSetting();
    const found = await activities.whatMayI(run, {
      plan: { ...plan, serving: { ...plan.serving, model: 'claude-of-nobody' } },
      people: 20,
    });
    expect(byId(found).get('endpoint')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringMatching(/^there is no endpoint of that name\. The workspace lists databricks-claude-/),
    });
  });

  it('grows with what an admin gives', async () => {
    const setting = await openSetting({ worker: ANN });
    const { activities, run, plan, admin } = setting;
    const { policyId } = await admin.clusterPolicies.create({ name: plan.compute.policy, definition: '{}' });
    await admin.permissions.update('cluster-policies', policyId, [{ user_name: ANN, permission_level: 'CAN_USE' }]);
    await admin.grants.update('schema', 'main.default', [{ principal: ANN, add: ['USE_SCHEMA', 'CREATE_VOLUME'] }]);
    const { id = '' } = await admin.servingEndpoints.get(plan.serving.model);
    await admin.permissions.update('serving-endpoints', id, [{ user_name: ANN, permission_level: 'CAN_MANAGE' }]);
    const found = byId(await activities.whatMayI(run, { plan, people: 20 }));
    for (const one of ['policy', 'volume-main.default.init_scripts', 'volume-main.default.workshop_logs', 'endpoint']) {
      expect(found.get(one)).toMatchObject({ verdict: 'yes', commands: [] });
    }
    expect(found.get('admin')?.verdict).toBe('unknown');
  });

  it('asks whether people get through catalog and schema, and counts what their group holds', async () => {
    const setting = await openSetting({
      worker: ANN,
      plan: {
        unityCatalog: { scripts: 'private.area.init_scripts', logs: 'private.area.logs' },
        attendeeGroup: 'workshop-attendees',
      },
    });
    const { activities, run, plan, admin, sandbox } = setting;
    await prepareSandbox(sandbox, plan, [ANN], () => {});
    await admin.grants.update('schema', 'private.area', [{ principal: ANN, add: ['USE_SCHEMA'] }]);
    await admin.grants.update('catalog', 'private', [{ principal: ANN, add: ['USE_CATALOG'] }]);
    const before = byId(await activities.whatMayI(run, { plan, people: 20 }));
    expect(before.get('catalog-private')).toMatchObject({
      verdict: 'no',
      commands: ['GRANT USE CATALOG ON CATALOG `private` TO `workshop-attendees`;'],
    });
    expect(before.get('schema-private.area')).toMatchObject({
      verdict: 'no',
      commands: ['GRANT USE SCHEMA ON SCHEMA `private`.`area` TO `workshop-attendees`;'],
    });
    await admin.grants.update('catalog', 'private', [
      { principal: 'workshop-attendees', add: ['USE_CATALOG', 'USE_SCHEMA'] },
    ]);
    const after = byId(await activities.whatMayI(run, { plan, people: 20 }));
    expect(['catalog-private', 'schema-private.area'].map((id) => after.get(id)?.verdict)).toEqual(['yes', 'yes']);
  });

  it('reads back that a group was let in to the endpoint', async () => {
    const { activities, run, plan, admin } = await openSetting({ worker: ANN });
    const { id = '' } = await admin.servingEndpoints.get(plan.serving.model);
    // May see the list, not change it.
    await admin.permissions.update('serving-endpoints', id, [{ user_name: ANN, permission_level: 'CAN_VIEW' }]);
    const asked = async () => byId(await activities.whatMayI(run, { plan, people: 20 })).get('endpoint');
    expect((await asked())?.verdict).not.toBe('yes');
    expect((await asked())?.commands[0]).toContain('"group_name":"users","permission_level":"CAN_QUERY"');
  });

  it('lets no command for a pool go out that a later run would not find', async () => {
    const { workspace, activities, run, plan } = await openSetting({ worker: ANN });
    expect(byId(await capabilities(workspace, plan, 20)).get('pool')?.commands).toEqual([]);
    const [command = ''] = byId(await activities.whatMayI(run, { plan, people: 20 })).get('pool')?.commands ?? [];
    expect(JSON.parse(command.slice(command.indexOf('{'), -1))).toEqual(
      JSON.parse(JSON.stringify(poolSpec({ plan, runId: run.runId, people: 20 }))),
    );
  });

  it('holds nothing up when a part of it cannot be read', async () => {
    const { activities, run, plan } = await openSetting({
      worker: ANN,
      change: (workspace) => ({
        ...workspace,
        grants: {
          ...workspace.grants,
          effective: async () => {
            throw answered(400, 'INVALID_PARAMETER_VALUE');
          },
        },
      }),
    });
    const found = await activities.whatMayI(run, { plan, people: 20 });
    expect(found.find(({ id }) => id === 'catalog-main')).toMatchObject({ verdict: 'unknown' });
    expect(found.map(({ id }) => id)).toContain('run-as');
  });

  it('says what is missing when the schema itself cannot be found', async () => {
    const { activities, run, plan } = await openSetting({
      worker: ANN,
      plan: { unityCatalog: { scripts: 'nowhere.at.all', logs: 'main.default.logs' } },
    });
    const found = byId(await activities.whatMayI(run, { plan, people: 20 })).get('volume-nowhere.at.all');
    expect(found?.verdict).toBe('no');
    expect(found?.commands.join('\n')).toContain('`nowhere`.`at`');
  });

  it('does not ask about a pool that the plan does not use', async () => {
    const { activities, run, plan, sandbox } = await openSetting({ worker: ANN });
    const without = { ...plan, compute: { ...plan.compute, pool: { ...plan.compute.pool, use: false } } };
    expect(byId(await activities.whatMayI(run, { plan: without, people: 20 })).get('pool')).toMatchObject({
      verdict: 'yes',
    });
    expect(requestsTo(sandbox.books(), 'GET /api/2.0/instance-pools')).toBe(0);
  });
});
