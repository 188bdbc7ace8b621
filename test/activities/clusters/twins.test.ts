import { describe, expect, it } from 'vitest';
import { clusterSpec } from '../../../src/domain/replayed/made/cluster-spec.ts';
import { alive, ANN, BEN, furnish, openSetting, requestFor } from '../setting.ts';

const SEAT = 'seat-of-ann';

/** Ann's and Ben's clusters, and a way to make more that carry tags like theirs. */
async function annAndBen() {
  const now = Date.now();
  const setting = await openSetting({ sandbox: { speed: 1, now: () => now } });
  const { activities, run, plan, admin } = setting;
  const { policyId } = await furnish(setting);
  const ann = (await activities.createCluster(run, requestFor(setting, policyId))).clusterId;
  const benAs = { key: 'seat-of-ben', email: BEN, userName: BEN };
  const ben = (await activities.createCluster(run, requestFor(setting, policyId, benAs))).clusterId;
  const another = async (more: { runId?: string; key?: string; generation?: number } = {}) => {
    const spec = clusterSpec({
      plan,
      runId: run.runId,
      key: SEAT,
      generation: 1,
      singleUserName: ANN,
      policyId,
      name: 'carried out late',
      scriptPath: '/Volumes/main/default/init_scripts/install-claude-code.sh',
      logsPath: '/Volumes/main/default/workshop_logs',
      ...more,
    });
    return (await admin.clusters.create({ ...spec })).clusterId;
  };
  const look = (more: { inDoubt?: string[]; passOver?: string[]; known?: Record<string, 'PENDING'> } = {}) =>
    activities.watchClusters(run, {
      policyId,
      known: { [ann]: 'PENDING', [ben]: 'PENDING' },
      everyMs: 10,
      limitMs: 0,
      staleMs: 1_000,
      ...more,
    });
  return { ...setting, ann, ben, another, look };
}

describe('a second cluster of one seat', () => {
  it('is noticed in the first listing that shows it, until it is dealt with', async () => {
    const { ann, another, look } = await annAndBen();
    expect(await look()).toEqual([]);
    const twin = await another();
    expect(await look()).toEqual([expect.objectContaining({ clusterId: twin, state: 'PENDING', unknownTo: SEAT })]);
    expect(await look({ passOver: [twin] })).toEqual([]);
    // Nothing is said of a seat whose own cluster the listing does not show.
    expect(await look({ known: {} })).toEqual([]);
    expect(ann).not.toBe(twin);
  });

  it('is none that carries the tags of another run, another seat, or another time round', async () => {
    const { another, look } = await annAndBen();
    await another({ runId: 'another-run' });
    await another({ key: 'a-seat-of-another-cohort' });
    await another({ generation: 2 });
    expect(await look()).toEqual([]);
  });

  it('is told to a seat that has none and asked for one', async () => {
    const { another, look } = await annAndBen();
    const late = await another({ key: 'seat-of-cleo' });
    expect(await look()).toEqual([]);
    expect(await look({ inDoubt: ['seat-of-cleo'] })).toMatchObject([{ clusterId: late, unknownTo: 'seat-of-cleo' }]);
  });

  it('is removed, and never the one that the seat uses', async () => {
    const { activities, run, sandbox, ann, ben, another } = await annAndBen();
    const twin = await another();
    const remove = (clusterId: string, keptId = ann) => activities.removeTwin(run, { clusterId, keptId, key: SEAT });
    expect(await remove(ann)).toBe(false);
    expect(await remove(twin, 'no-such-cluster')).toBe(false);
    expect(await remove(ben)).toBe(false);
    expect(alive(sandbox.books()).sort()).toEqual([ann, ben, twin].sort());
    expect(await remove(twin)).toBe(true);
    expect(await remove(twin)).toBe(true);
    expect(alive(sandbox.books()).sort()).toEqual([ann, ben].sort());
  });

  it('is left alone when it carries no tag of this run', async () => {
    const { activities, run, sandbox, ann, another } = await annAndBen();
    const stranger = await another({ runId: 'another-run' });
    expect(await activities.removeTwin(run, { clusterId: stranger, keptId: ann, key: SEAT })).toBe(false);
    expect(alive(sandbox.books())).toContain(stranger);
  });
});
