import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANN, answered, detailOf, failureOf, mutations, openSetting } from '../setting.ts';

const SCRIPT = '/Volumes/main/default/init_scripts/install-claude-code.sh';

describe('volumes', () => {
  it('are made once, and left alone after that', async () => {
    const { activities, run, plan, sandbox } = await openSetting();
    expect(await activities.ensureVolumes(run, { plan })).toBe(
      'main.default.init_scripts created, main.default.workshop_logs created',
    );
    const before = mutations(sandbox.books());
    expect(await activities.ensureVolumes(run, { plan })).toBe(
      'main.default.init_scripts is there, main.default.workshop_logs is there',
    );
    expect(mutations(sandbox.books())).toBe(before);
    expect([...sandbox.books().volumes].sort()).toEqual(['main.default.init_scripts', 'main.default.workshop_logs']);
  });

  it('may be made by somebody else between the look and the making', async () => {
    let looks = 0;
    const { activities, run, plan, admin } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        volumes: {
          ...workspace.volumes,
          get: async (name, options) => {
            looks += 1;
            if (looks === 1) throw answered(404, 'VOLUME_DOES_NOT_EXIST');
            return workspace.volumes.get(name, options);
          },
        },
      }),
    });
    await admin.volumes.create({
      catalog_name: 'main',
      schema_name: 'default',
      name: 'init_scripts',
      volume_type: 'MANAGED',
    });
    expect(await activities.ensureVolumes(run, { plan })).toBe(
      'main.default.init_scripts is there, main.default.workshop_logs created',
    );
  });

  it("are an admin's to make when the worker may not", async () => {
    const { activities, run, plan } = await openSetting({ worker: ANN });
    const failure = await failureOf(activities.ensureVolumes(run, { plan }));
    expect(failure).toMatchObject({ type: 'FORBIDDEN', nonRetryable: true });
    expect(detailOf(failure).handOff).toEqual(['CREATE VOLUME IF NOT EXISTS `main`.`default`.`init_scripts`;']);
  });

  it('cannot be made in a schema that is not there', async () => {
    const { activities, run, plan } = await openSetting({
      plan: { unityCatalog: { scripts: 'main.nowhere.scripts', logs: 'main.default.logs' } },
    });
    const failure = await failureOf(activities.ensureVolumes(run, { plan }));
    expect(failure.nonRetryable).toBe(true);
    expect(failure.message).toContain('main.nowhere');
  });
});

describe('init scripts', () => {
  it('are uploaded once, and again when they change', async () => {
    const { activities, run, plan, sandbox, admin, initScripts } = await openSetting();
    await activities.ensureVolumes(run, { plan });
    expect(await activities.uploadScripts(run, { plan })).toMatch(/install-claude-code\.sh uploaded \(\d+ bytes\)/);
    const before = mutations(sandbox.books());
    expect(await activities.uploadScripts(run, { plan })).toBe(
      `${SCRIPT} unchanged, Claude Code 2.1.197 is not staged: type bin/workshop bundle with the plan`,
    );
    expect(mutations(sandbox.books())).toBe(before);
    await writeFile(join(initScripts, 'install-claude-code.sh'), '#!/bin/bash\necho anew\n');
    expect(await activities.uploadScripts(run, { plan })).toContain('uploaded');
    expect((await admin.files.download(SCRIPT))?.toString()).toBe('#!/bin/bash\necho anew\n');
  });

  it('are all there is to upload: nothing else of the folder goes along', async () => {
    const { activities, run, plan, sandbox, initScripts } = await openSetting();
    await writeFile(join(initScripts, 'README.md'), 'for people\n');
    await activities.ensureVolumes(run, { plan });
    await activities.uploadScripts(run, { plan });
    expect(sandbox.books().files).toEqual([SCRIPT]);
  });

  it("come with the job in attendees' names, and with a word about a CLI that the plan pins", async () => {
    const { activities, run, plan, admin, initScripts } = await openSetting({
      plan: { databricksCli: { version: '1.14.0' } },
    });
    await mkdir(join(initScripts, 'jobs'));
    await writeFile(join(initScripts, 'jobs', 'as-attendee.py'), 'print()\n');
    await activities.ensureVolumes(run, { plan });
    const folder = '/Volumes/main/default/init_scripts';
    const said = await activities.uploadScripts(run, { plan });
    expect(said).toContain(`${folder}/jobs/as-attendee.py uploaded (8 bytes)`);
    expect(said).toMatch(
      new RegExp(
        String.raw`, databricks CLI 1\.14\.0 is not staged, and first connections will load it from GitHub: ` +
          'type bin/workshop bundle with the plan$',
      ),
    );
    expect((await admin.files.download(`${folder}/jobs/as-attendee.py`))?.toString()).toBe('print()\n');
    await admin.files.createDirectory(`${folder}/databricks-cli/1.14.0`);
    await admin.files.upload(`${folder}/databricks-cli/1.14.0/SHA256SUMS`, Buffer.from('x'), { overwrite: true });
    expect(await activities.uploadScripts(run, { plan })).toMatch(/, databricks CLI 1\.14\.0 is staged$/);
    await admin.files.upload(`${folder}/jobs/as-attendee.py`, Buffer.from('changed'), { overwrite: true });
    expect(await activities.changedScripts(run, { plan })).toEqual(['jobs/as-attendee.py']);
  });

  it('are read back byte for byte, and a missing one differs too', async () => {
    const { activities, run, plan, admin } = await openSetting();
    await activities.ensureVolumes(run, { plan });
    expect(await activities.changedScripts(run, { plan })).toEqual(['install-claude-code.sh']);
    await activities.uploadScripts(run, { plan });
    expect(await activities.changedScripts(run, { plan })).toEqual([]);
    await admin.files.upload(SCRIPT, Buffer.from('#!/bin/bash\necho changed by hand\n'), { overwrite: true });
    expect(await activities.changedScripts(run, { plan })).toEqual(['install-claude-code.sh']);
  });

  it('hand over the command when the worker may not write', async () => {
    const setting = await openSetting({ worker: ANN });
    const { activities, run, plan, admin } = setting;
    await admin.volumes.create({
      catalog_name: 'main',
      schema_name: 'default',
      name: 'init_scripts',
      volume_type: 'MANAGED',
    });
    const failure = await failureOf(activities.uploadScripts(run, { plan }));
    expect(failure).toMatchObject({ type: 'PERMISSION_DENIED', nonRetryable: true });
    expect(detailOf(failure).handOff).toEqual([
      `databricks fs cp ./init-scripts/install-claude-code.sh dbfs:${SCRIPT} --overwrite`,
    ]);
  });
});
