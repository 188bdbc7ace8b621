import { describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/databricks/workspace.ts';
import { smallQuestion } from '../../databricks/small-question.ts';
import {
  ANN,
  answered,
  BEN,
  connect,
  detailOf,
  failureOf,
  furnish,
  GRANTED,
  openSetting,
  requestsTo,
  type Setting,
} from '../setting.ts';

const SCRIPT = '/Volumes/main/default/init_scripts/install-claude-code.sh';

/** What an admin would paste for one principal, by the example's volumes. */
const sqlFor = (principal: string) => [
  `GRANT USE CATALOG ON CATALOG \`main\` TO \`${principal}\`;`,
  `GRANT USE SCHEMA ON SCHEMA \`main\`.\`default\` TO \`${principal}\`;`,
  `GRANT READ VOLUME ON VOLUME \`main\`.\`default\`.\`init_scripts\` TO \`${principal}\`;`,
  `GRANT READ VOLUME, WRITE VOLUME ON VOLUME \`main\`.\`default\`.\`workshop_logs\` TO \`${principal}\`;`,
];

/** A workspace that says yes to grants and forgets them. */
const forgetful = (workspace: Workspace): Workspace => ({
  ...workspace,
  grants: { ...workspace.grants, update: async () => ({ privilege_assignments: [] }) },
});

/** A workspace in which this worker may not grant. */
const forbidding = (workspace: Workspace): Workspace => ({
  ...workspace,
  grants: {
    ...workspace.grants,
    update: async () => {
      throw answered(403, 'PERMISSION_DENIED');
    },
  },
});

const onEndpoints =
  (error: () => Error) =>
  (workspace: Workspace): Workspace => ({
    ...workspace,
    permissions: {
      ...workspace.permissions,
      update: async (type, ...rest) => {
        if (type === 'serving-endpoints') throw error();
        return workspace.permissions.update(type, ...rest);
      },
    },
  });

const heldBy = async ({ admin }: Setting, type: 'catalog' | 'schema' | 'volume', name: string, principal: string) =>
  (await admin.grants.get(type, name)).privilege_assignments.find((one) => one.principal === principal)?.privileges ??
  [];

const levelsOf = async (
  { admin }: Setting,
  type: 'instance-pools' | 'serving-endpoints',
  id: string,
  userName: string,
) =>
  (await admin.permissions.get(type, id)).access_control_list
    .filter(({ user_name }) => user_name === userName)
    .flatMap(({ all_permissions }) => all_permissions.map(({ permission_level }) => permission_level));

describe('opening what an attendee needs', () => {
  it('grants volumes, pool and endpoint, so that the attendee can use them', async () => {
    const setting = await openSetting();
    const { sandbox, run, plan, activities, admin } = setting;
    const { poolId } = await furnish(setting);
    const ann = connect(sandbox, sandbox.tokenFor(ANN));
    await expect(ann.files.download(SCRIPT)).rejects.toMatchObject({ status: 403 });
    expect(await ann.servingEndpoints.claude(smallQuestion(plan.serving.model))).toMatchObject({
      status: 403,
    });

    expect(await activities.openAccess(run, { plan, userName: ANN, poolId })).toEqual({
      endpoint: 'yes',
      granted: GRANTED,
    });

    expect((await ann.files.download(SCRIPT))?.toString()).toContain('installed');
    await ann.files.upload('/Volumes/main/default/workshop_logs/note.txt', Buffer.from('hers'), { overwrite: false });
    expect(await ann.servingEndpoints.claude(smallQuestion(plan.serving.model))).toMatchObject({
      status: 200,
    });
    expect(await heldBy(setting, 'volume', 'main.default.init_scripts', ANN)).toEqual(['READ_VOLUME']);
    expect(await heldBy(setting, 'volume', 'main.default.workshop_logs', ANN)).toEqual(['READ_VOLUME', 'WRITE_VOLUME']);
    expect(await levelsOf(setting, 'instance-pools', poolId, ANN)).toEqual(['CAN_ATTACH_TO']);
    const { id = '' } = await admin.servingEndpoints.get(plan.serving.model);
    expect(await levelsOf(setting, 'serving-endpoints', id, ANN)).toEqual(['CAN_QUERY']);
    expect(await heldBy(setting, 'volume', 'main.default.init_scripts', BEN)).toEqual([]);
  });

  it('lets people query the endpoint of small tasks, too', async () => {
    const setting = await openSetting();
    const { run, plan, activities, admin, sandbox } = setting;
    await furnish(setting);
    const smallModel = 'databricks-claude-haiku-4-5';
    const small = { ...plan, claudeCode: { ...plan.claudeCode, smallModel } };
    expect(await activities.openAccess(run, { plan: small, userName: ANN })).toMatchObject({ endpoint: 'yes' });
    const ann = connect(sandbox, sandbox.tokenFor(ANN));
    for (const model of [plan.serving.model, smallModel])
      expect((await ann.servingEndpoints.claude(smallQuestion(model))).status, model).toBe(200);
    const { id = '' } = await admin.servingEndpoints.get(smallModel);
    expect(await levelsOf(setting, 'serving-endpoints', id, BEN)).toEqual([]);
  });

  it('believes no grant that cannot be read back, and hands the SQL over', async () => {
    const setting = await openSetting({ change: forgetful });
    const { run, plan, activities } = setting;
    await furnish(setting);
    const failure = await failureOf(activities.openAccess(run, { plan, userName: ANN }));
    expect(failure).toMatchObject({ type: 'ACCESS_MISSING', nonRetryable: true });
    expect(failure.message).toContain('USE_CATALOG on catalog main');
    expect(failure.message).toContain('READ_VOLUME, WRITE_VOLUME on volume main.default.workshop_logs');
    expect(detailOf(failure).handOff).toEqual(sqlFor(ANN));
  });

  it('believes no level on the pool that is not in the answer', async () => {
    const setting = await openSetting({
      change: (workspace) => ({
        ...workspace,
        permissions: { ...workspace.permissions, update: async () => ({ access_control_list: [] }) },
      }),
    });
    const { run, plan, activities } = setting;
    const { poolId } = await furnish(setting);
    const failure = await failureOf(activities.openAccess(run, { plan, userName: ANN, poolId }));
    expect(failure).toMatchObject({ type: 'ACCESS_MISSING', nonRetryable: true });
    expect(failure.message).toContain('CAN_ATTACH_TO on the instance pool');
  });

  it('takes what people hold already where the worker may not grant', async () => {
    const setting = await openSetting({ change: forbidding });
    const { run, plan, activities, admin } = setting;
    await furnish(setting);
    await admin.grants.update('catalog', 'main', [{ principal: ANN, add: ['ALL_PRIVILEGES'] }]);
    const [ann, ben] = await Promise.allSettled(
      [ANN, BEN].map((userName) => activities.openAccess(run, { plan, userName })),
    );
    expect(ann).toMatchObject({ status: 'fulfilled' });
    expect(ben).toMatchObject({
      status: 'rejected',
      reason: { type: 'ACCESS_MISSING', details: [{ handOff: sqlFor(BEN) }] },
    });
  });

  it("takes nobody's cluster away because an endpoint's permissions cannot be set, or it cannot be seen", async () => {
    await Promise.all(
      [answered(403, 'PERMISSION_DENIED'), answered(400, 'INVALID_PARAMETER_VALUE')].map(async (error) => {
        const setting = await openSetting({ change: onEndpoints(() => error) });
        await furnish(setting);
        // Told, so that nobody takes it for opened.
        expect(await setting.activities.openAccess(setting.run, { plan: setting.plan, userName: ANN })).toEqual({
          endpoint: 'no',
          granted: GRANTED,
        });
        expect(await heldBy(setting, 'volume', 'main.default.init_scripts', ANN)).toEqual(['READ_VOLUME']);
      }),
    );
    const blind = await openSetting({
      change: (workspace) => ({
        ...workspace,
        servingEndpoints: {
          ...workspace.servingEndpoints,
          get: async () => {
            throw answered(403, 'PERMISSION_DENIED');
          },
        },
      }),
    });
    await furnish(blind);
    expect(await blind.activities.openAccess(blind.run, { plan: blind.plan, userName: ANN })).toEqual({
      endpoint: 'no',
      granted: GRANTED,
    });
    expect(await heldBy(blind, 'volume', 'main.default.init_scripts', ANN)).toEqual(['READ_VOLUME']);
  });

  it('is tried again when the endpoint has passing trouble', async () => {
    const setting = await openSetting({ change: onEndpoints(() => answered(503, 'TEMPORARILY_UNAVAILABLE')) });
    await furnish(setting);
    expect(
      await failureOf(setting.activities.openAccess(setting.run, { plan: setting.plan, userName: ANN })),
    ).toMatchObject({ nonRetryable: false });
  });

  it('opens an endpoint that was made after the first attendee came', async () => {
    let there = false;
    const setting = await openSetting({
      change: (workspace) => ({
        ...workspace,
        servingEndpoints: {
          ...workspace.servingEndpoints,
          get: async (name, options) => {
            if (!there) throw answered(404, 'RESOURCE_DOES_NOT_EXIST');
            return workspace.servingEndpoints.get(name, options);
          },
        },
      }),
    });
    const { run, plan, activities, admin } = setting;
    await furnish(setting);
    await activities.openAccess(run, { plan, userName: ANN });
    there = true;
    await activities.openAccess(run, { plan, userName: BEN });
    const { id = '' } = await admin.servingEndpoints.get(plan.serving.model);
    expect(await levelsOf(setting, 'serving-endpoints', id, BEN)).toEqual(['CAN_QUERY']);
  });

  it('takes a dozen requests for fifty people at once, and changes nothing the second time', async () => {
    const people = Array.from({ length: 50 }, (_, i) => `attendee${i}@example.com`);
    const setting = await openSetting({ people });
    const { run, plan, activities, sandbox, admin } = setting;
    const { poolId } = await furnish(setting, people.length);
    const before = sandbox.books().requests.total;
    await Promise.all(people.map((userName) => activities.openAccess(run, { plan, userName, poolId })));
    expect(sandbox.books().requests.total - before).toBeLessThanOrEqual(12);
    expect(requestsTo(sandbox.books(), 'GET /api/2.0/permissions')).toBe(0);
    const granted = await admin.grants.get('volume', 'main.default.init_scripts');
    expect(granted.privilege_assignments.map(({ principal }) => principal).sort()).toEqual([...people].sort());
    await activities.openAccess(run, { plan, userName: people[0] ?? '', poolId });
    expect(await admin.grants.get('volume', 'main.default.init_scripts')).toEqual(granted);
  });
});

describe('opening it to a group', () => {
  it('grants to the group once, and then nothing to its members', async () => {
    const setting = await openSetting({ plan: { attendeeGroup: 'workshop-attendees' } });
    const { run, plan, activities, sandbox } = setting;
    sandbox.addGroup('workshop-attendees', { members: [ANN] });
    const { poolId } = await furnish(setting);
    const evidence = await activities.grantGroup(run, { plan, group: 'workshop-attendees' });
    expect(evidence).toContain('workshop-attendees');
    expect(await heldBy(setting, 'volume', 'main.default.workshop_logs', 'workshop-attendees')).toEqual([
      'READ_VOLUME',
      'WRITE_VOLUME',
    ]);
    expect((await connect(sandbox, sandbox.tokenFor(ANN)).files.download(SCRIPT))?.toString()).toContain('installed');

    const grants = () => requestsTo(sandbox.books(), 'PATCH /api/2.1/unity-catalog/permissions');
    const before = grants();
    await activities.openAccess(run, { plan, userName: ANN, poolId });
    expect(grants()).toBe(before);
    expect(await levelsOf(setting, 'instance-pools', poolId, ANN)).toEqual(['CAN_ATTACH_TO']);
  });

  it('hands the SQL for the group over when a grant does not stick, or may not be made', async () => {
    for (const change of [forgetful, forbidding]) {
      const setting = await openSetting({ change });
      const { run, plan, activities, sandbox } = setting;
      sandbox.addGroup('workshop-attendees');
      await furnish(setting);
      const failure = await failureOf(activities.grantGroup(run, { plan, group: 'workshop-attendees' }));
      expect(failure).toMatchObject({ type: 'ACCESS_MISSING', nonRetryable: true });
      expect(detailOf(failure).handOff).toEqual(sqlFor('workshop-attendees'));
    }
  });
});
