import { expect, it } from 'vitest';
import { takeBackRights } from '../../../src/activities/ending/take-back-rights.ts';
import { ClusterListings } from '../../../src/activities/clusters/listings.ts';
import type { Workspace } from '../../../src/databricks/workspace.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { opened } from '../../../src/domain/replayed/seat/transitions.ts';
import { ANN, answered, BEN, furnish, openSetting, type Setting } from '../setting.ts';

const LOGS = 'main.default.workshop_logs';

/** Two people whom the workshop has let in. Ben could read the logs before. */
async function letIn(change?: (workspace: Workspace) => Workspace) {
  const setting = await openSetting(change ? { change } : {});
  const { activities, admin, run, plan } = setting;
  const { poolId } = await furnish(setting);
  await admin.grants.update('volume', LOGS, [{ principal: BEN, add: ['READ_VOLUME'] }]);
  const seats = await Promise.all(
    [ANN, BEN].map(async (userName): Promise<Seat> => {
      const { endpoint, granted } = await activities.openAccess(run, { plan, userName, poolId });
      const person = { userName } as Seat['person'] & object;
      return opened({ ...newSeat(userName, userName, 'attendee', 1), person }, endpoint, poolId, granted);
    }),
  );
  return { setting, seats };
}

const takeBack = ({ workspace, run, plan }: Setting, seats: readonly Seat[], more: object = {}) =>
  takeBackRights(workspace, new ClusterListings(workspace, 1), run, {
    plan,
    seats,
    silent: 0,
    poolKept: false,
    lastTry: false,
    ...more,
  });

const held = async ({ admin }: Setting, type: 'catalog' | 'schema' | 'volume', name: string) =>
  (await admin.grants.get(type, name)).privilege_assignments
    .filter(({ principal, privileges }) => [ANN, BEN].includes(principal) && privileges.length > 0)
    .map(({ principal, privileges }) => [principal, ...privileges]);

it('takes back what people did not hold before, and says what stays; again, it changes nothing', async () => {
  const { setting, seats } = await letIn();
  for (let times = 0; times < 2; times += 1) {
    const rights = await takeBack(setting, seats);
    expect(rights).toMatchObject({ takenBack: 2, commands: [] });
    expect(rights.kept).toEqual([
      'privileges on catalog, schema and volumes of 1 person, some or all: held before, or nobody knows any more ' +
        'since when',
      expect.stringMatching(/^CAN_QUERY on the endpoint .* of 2 people: .* only by replacing the rights of all$/),
    ]);
    expect(await held(setting, 'catalog', 'main')).toEqual([]);
    expect(await held(setting, 'schema', 'main.default')).toEqual([]);
    expect(await held(setting, 'volume', 'main.default.init_scripts')).toEqual([]);
    expect(await held(setting, 'volume', LOGS)).toEqual([[BEN, 'READ_VOLUME']]);
  }
});

it('an attempt that was cut off after granting is remembered, and rights of before never become ours', async () => {
  const { setting, seats } = await letIn();
  const { activities, run, plan } = setting;
  expect(seats.map(({ granted }) => granted?.length)).toEqual([5, 4]);
  // As if the first answer had been lost.
  const again = await activities.openAccess(run, { plan, userName: ANN });
  expect(again.granted).toEqual(seats[0]?.granted);
});

it('leaves everything while another workshop is in the workspace, and says how to take it back', async () => {
  const { setting, seats } = await letIn();
  const { activities, run, plan } = setting;
  await activities.ensurePool({ ...run, runId: 'run-of-others' }, { plan: { ...plan, id: 'autumn' }, people: 1 });
  const { takenBack, kept, commands } = await takeBack(setting, seats);
  expect(takenBack).toBe(0);
  expect(kept[0]).toBe(
    'privileges on catalog, schema and volumes of 2 people: the workshop "autumn" is in this workspace too, and may ' +
      'need them',
  );
  expect(commands).toHaveLength(9);
  expect(commands).toContain(`REVOKE WRITE VOLUME ON VOLUME \`main\`.\`default\`.\`workshop_logs\` FROM \`${ANN}\`;`);
  expect(await held(setting, 'volume', LOGS)).toHaveLength(2);
});

it('what is refused, or does not work even the last time, is said with its SQL', async () => {
  let error: Error | undefined;
  const { setting, seats } = await letIn((workspace) => ({
    ...workspace,
    grants: {
      ...workspace.grants,
      update: async (...args) => {
        if (error) throw error;
        return workspace.grants.update(...args);
      },
    },
  }));
  error = answered(403, 'PERMISSION_DENIED');
  const refused = await takeBack(setting, seats);
  expect([refused.takenBack, refused.commands.length]).toEqual([0, 9]);
  error = answered(503, 'TEMPORARILY_UNAVAILABLE');
  await expect(takeBack(setting, seats)).rejects.toMatchObject({ status: 503 });
  const atLast = await takeBack(setting, seats, { lastTry: true, silent: 1, poolKept: true });
  expect([atLast.takenBack, atLast.commands.length]).toEqual([0, 9]);
  expect(atLast.kept.join('\n')).toMatch(/CAN_ATTACH_TO on the instance pool[^]*1 cohort\(s\) that could not be asked/);
});
