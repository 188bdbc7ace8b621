import { describe, expect, it } from 'vitest';
import { ANN, answered, BEN, furnish, GRANTED, openSetting } from '../setting.ts';

describe('opening access for many at once', () => {
  it('fails only the one whom the pool does not let in', async () => {
    const setting = await openSetting({
      change: (workspace) => ({
        ...workspace,
        permissions: {
          ...workspace.permissions,
          update: (type, id, changes, options) =>
            workspace.permissions.update(
              type,
              id,
              changes.filter((one) => type !== 'instance-pools' || !('user_name' in one) || one.user_name !== BEN),
              options,
            ),
        },
      }),
    });
    const { run, plan, activities } = setting;
    const { poolId } = await furnish(setting);
    const [ann, ben] = await Promise.allSettled(
      [ANN, BEN].map((userName) => activities.openAccess(run, { plan, userName, poolId })),
    );
    expect(ann).toMatchObject({ status: 'fulfilled' });
    expect(ben).toMatchObject({
      status: 'rejected',
      reason: { type: 'ACCESS_MISSING', message: `${BEN} still lacks CAN_ATTACH_TO on the instance pool.` },
    });
  });

  it('fails only the one whom the workspace does not know any more', async () => {
    const people = Array.from({ length: 9 }, (_, i) => `attendee${i}@example.com`);
    const setting = await openSetting({ people });
    const { run, plan, activities } = setting;
    const { poolId } = await furnish(setting);
    const asked = [...people.slice(0, 4), 'gone@example.com', ...people.slice(4)];
    const outcomes = await Promise.allSettled(
      asked.map((userName) => activities.openAccess(run, { plan, userName, poolId })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      asked.map((userName) => (userName === 'gone@example.com' ? 'rejected' : 'fulfilled')),
    );
    expect(outcomes[4]).toMatchObject({ reason: { nonRetryable: true } });
  });

  it('opens the rest when the pool is gone: clusters start outside it', async () => {
    const setting = await openSetting();
    const { run, plan, activities, admin } = setting;
    const { poolId } = await furnish(setting);
    await admin.instancePools.delete(poolId);
    expect(await activities.openAccess(run, { plan, userName: ANN, poolId })).toEqual({
      endpoint: 'yes',
      granted: GRANTED,
    });
  });

  it('fails only the one who is refused, whatever the workspace calls it', async () => {
    const people = Array.from({ length: 30 }, (_, i) => `attendee${i}@example.com`);
    const odd = people[17] ?? '';
    for (const where of ['grants', 'pool'] as const) {
      const refuse = (names: readonly (string | undefined)[]) => {
        if (names.includes(odd)) throw answered(400, 'INVALID_PARAMETER_VALUE', { detail: 'cannot be processed' });
      };
      const setting = await openSetting({
        people,
        change: (workspace) => ({
          ...workspace,
          grants: {
            ...workspace.grants,
            update: async (type, name, changes, options) => {
              if (where === 'grants') refuse(changes.map(({ principal }) => principal));
              return workspace.grants.update(type, name, changes, options);
            },
          },
          permissions: {
            ...workspace.permissions,
            update: async (type, id, changes, options) => {
              if (where === 'pool' && type === 'instance-pools')
                refuse(changes.map((one) => ('user_name' in one ? one.user_name : undefined)));
              return workspace.permissions.update(type, id, changes, options);
            },
          },
        }),
      });
      const { run, plan, activities } = setting;
      const { poolId } = await furnish(setting);
      const outcomes = await Promise.allSettled(
        people.map((userName) => activities.openAccess(run, { plan, userName, poolId })),
      );
      expect(outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [people[i]] : []))).toEqual([odd]);
    }
  });
});
