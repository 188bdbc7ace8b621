import { describe, expect, it } from 'vitest';
import { claimFile, readClaim, writtenClaim, type Claim } from '../../../src/domain/replayed/claim/claim.ts';
import type { Workspace } from '../../../src/databricks/workspace.ts';
import { createActivities } from '../../../src/activities/index.ts';
import { ANN, answered, detailOf, failureOf, mutations, openSetting, SERVER, type Setting } from '../setting.ts';

const HOUR = 3_600_000;
const OTHER_SERVER = { id: 'other', address: 'localhost:7233', namespace: 'default', host: 'other-host' };

/** The same workspace, asked by a worker of another Temporal server. */
function elsewhere({ workspace, folder, initScripts, closing, run }: Setting, runId = 'run-elsewhere') {
  const activities = createActivities({
    workspace,
    temporal: undefined as never,
    server: OTHER_SERVER,
    notifier: undefined as never,
    folder,
    initScripts,
    laptop: '',
    env: {},
    closing: closing.signal,
    listingGap: 20,
  });
  return { activities, run: { ...run, runId } };
}

const wish = ({ plan }: Setting, more: { force?: boolean; goodForMs?: number } = {}) => ({
  volume: plan.unityCatalog.scripts,
  goodForMs: HOUR,
  settleMs: 30,
  ...more,
});

const pathOf = ({ plan }: Setting) =>
  `/Volumes/${plan.unityCatalog.scripts.replaceAll('.', '/')}/${claimFile(plan.id)}`;

const lies = async (setting: Setting): Promise<Claim | undefined> =>
  readClaim((await setting.admin.files.download(pathOf(setting)))?.toString() ?? '');

const put = (setting: Setting, claim: Partial<Claim>) =>
  setting.admin.files.upload(
    pathOf(setting),
    Buffer.from(
      writtenClaim({
        v: 1,
        workshopId: setting.plan.id,
        runId: 'run-elsewhere',
        server: OTHER_SERVER,
        since: Date.now(),
        seen: Date.now(),
        goodForMs: HOUR,
        ...claim,
      }),
    ),
    { overwrite: true },
  );

describe('a claim', () => {
  it('is made with its volume before anything else, holds no credentials, and is renewed', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    expect(await activities.claimWorkshop(run, wish(setting))).toEqual({});
    expect([...sandbox.books().volumes]).toEqual([setting.plan.unityCatalog.scripts]);
    const first = await lies(setting);
    expect(first).toMatchObject({ workshopId: run.workshopId, runId: run.runId, server: SERVER, goodForMs: HOUR });
    expect(JSON.stringify(first)).not.toContain(sandbox.adminToken);
    const before = mutations(sandbox.books());
    expect(await activities.claimWorkshop(run, wish(setting))).toEqual({});
    // One write, and nobody waits for it to settle.
    expect(mutations(sandbox.books())).toBe(before + 1);
    const renewed = await lies(setting);
    expect(renewed?.since).toBe(first?.since);
    expect(renewed?.seen).toBeGreaterThan(first?.seen ?? Infinity);
  });

  it('of another server that is alive is left as it is, and said', async () => {
    const setting = await openSetting();
    const other = elsewhere(setting);
    expect(await setting.activities.claimWorkshop(setting.run, wish(setting))).toEqual({});
    const before = await lies(setting);
    expect(await other.activities.claimWorkshop(other.run, wish(setting))).toEqual({ heldBy: before });
    expect(await lies(setting)).toEqual(before);
  });

  it('of several servers that ask at once goes to one, and every other one hears of that one', async () => {
    const setting = await openSetting();
    const other = elsewhere(setting);
    for (let round = 0; round < 5; round += 1) {
      const [here, there] = await Promise.all([
        setting.activities.claimWorkshop(setting.run, wish(setting)),
        other.activities.claimWorkshop(other.run, wish(setting)),
      ]);
      const claim = await lies(setting);
      const losers = [here, there].flatMap(({ heldBy }) => heldBy ?? []);
      expect(losers).toEqual([claim]);
      expect(claim?.runId).toBe(here.heldBy ? other.run.runId : setting.run.runId);
      await setting.admin.files.delete(pathOf(setting));
    }
  });

  it('goes to the last one where a workspace lets two write at once', async () => {
    const setting = await openSetting({
      change: (workspace): Workspace => ({
        ...workspace,
        files: {
          ...workspace.files,
          upload: (path, bytes, _, options) => workspace.files.upload(path, bytes, { overwrite: true }, options),
        },
      }),
    });
    const other = elsewhere(setting);
    const [here, there] = await Promise.all([
      setting.activities.claimWorkshop(setting.run, { ...wish(setting), settleMs: 300 }),
      other.activities.claimWorkshop(other.run, { ...wish(setting), settleMs: 300 }),
    ]);
    const claim = await lies(setting);
    expect([here, there].flatMap(({ heldBy }) => heldBy ?? [])).toEqual([claim]);
  });

  it('whose time is over is taken, also in the middle of its run', async () => {
    const setting = await openSetting();
    await setting.activities.ensureVolumes(setting.run, { plan: setting.plan });
    await put(setting, { seen: Date.now() - HOUR - 1 });
    expect(await setting.activities.claimWorkshop(setting.run, wish(setting))).toEqual({});
    expect(await lies(setting)).toMatchObject({ runId: setting.run.runId, server: SERVER });
    // The one that was away hears of it.
    const other = elsewhere(setting);
    expect(await other.activities.claimWorkshop(other.run, wish(setting))).toMatchObject({
      heldBy: { runId: setting.run.runId },
    });
  });

  it('that is alive is taken when somebody says so, and what is no claim at once', async () => {
    const setting = await openSetting();
    await setting.activities.ensureVolumes(setting.run, { plan: setting.plan });
    await put(setting, {});
    expect(await setting.activities.claimWorkshop(setting.run, wish(setting, { force: true }))).toEqual({});
    await setting.admin.files.upload(pathOf(setting), Buffer.from('what is this'), { overwrite: true });
    expect(await setting.activities.claimWorkshop(setting.run, wish(setting))).toEqual({});
    expect(await lies(setting)).toMatchObject({ runId: setting.run.runId });
  });

  it('that was made though the answer was lost is found by the next try', async () => {
    let losses = 1;
    const setting = await openSetting({
      change: (workspace): Workspace => ({
        ...workspace,
        files: {
          ...workspace.files,
          upload: async (...args) => {
            await workspace.files.upload(...args);
            losses -= 1;
            if (losses >= 0) throw answered(503, 'TEMPORARILY_UNAVAILABLE');
          },
        },
      }),
    });
    expect((await failureOf(setting.activities.claimWorkshop(setting.run, wish(setting)))).nonRetryable).toBe(false);
    expect(await setting.activities.claimWorkshop(setting.run, wish(setting))).toEqual({});
  });

  it("is an admin's to make possible where the worker may not make its volume", async () => {
    const setting = await openSetting({ worker: ANN });
    const failure = await failureOf(setting.activities.claimWorkshop(setting.run, wish(setting)));
    expect(failure).toMatchObject({ type: 'FORBIDDEN', nonRetryable: true });
    expect(detailOf(failure).handOff).toEqual(['CREATE VOLUME IF NOT EXISTS `main`.`default`.`init_scripts`;']);
  });
});

describe('at the end', () => {
  it("one's own claim goes, and what is not there is no error", async () => {
    const setting = await openSetting();
    const { activities, run, plan } = setting;
    const volume = plan.unityCatalog.scripts;
    await activities.releaseClaim(run, { volume });
    await activities.claimWorkshop(run, wish(setting));
    await activities.releaseClaim(run, { volume });
    expect(await lies(setting)).toBeUndefined();
  });

  it("another server's stays while it is alive, and only one of the same run is in the way of a removal", async () => {
    const setting = await openSetting();
    const { activities, run, plan } = setting;
    const volume = plan.unityCatalog.scripts;
    await activities.ensureVolumes(run, { plan });
    await put(setting, {});
    await activities.releaseClaim(run, { volume });
    expect(await lies(setting)).toMatchObject({ runId: 'run-elsewhere' });
    expect(await activities.takenOver(run, { volume })).toBeUndefined();
    await put(setting, { runId: run.runId });
    expect(await activities.takenOver(run, { volume })).toMatchObject({ server: OTHER_SERVER });
    await put(setting, { runId: run.runId, seen: Date.now() - 2 * HOUR });
    expect(await activities.takenOver(run, { volume })).toBeUndefined();
    await activities.releaseClaim(run, { volume });
    expect(await lies(setting)).toBeUndefined();
  });
});
