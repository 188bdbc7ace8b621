import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sha256 } from '../../src/bundle/on-cluster.ts';
import { PINNED_CLAUDE_CODE } from '../../src/domain/replayed/made/claude-code.ts';
import { CLI_RELEASE } from '../../src/domain/replayed/made/databricks-cli.ts';
import { cacheFolder } from '../../src/cache-folder.ts';
import { claudeCodeArchive } from '../../src/cli/bundle/claude-code-archive.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { planFiles, scratch, workshop } from './run-cli.ts';

const { version } = PINNED_CLAUDE_CODE;
const ARCHIVE = `claude-code/${version}/claude-code-linux-x64-${version}.tgz`;
const real = await claudeCodeArchive(version);
const why = 'reason' in real ? ` (left out: needs npm: ${real.reason})` : '';
/** The archive that is fetched once for all tests. */
const env = { XDG_CACHE_HOME: join(cacheFolder(), '..') };

/** A sandbox of this plan, with its volume. */
async function open(withVolume: boolean) {
  const sandbox = await startSandbox({ people: ['ann@example.com'] });
  onTestFinished(() => sandbox.close());
  const as = (token: string) => ({ ...env, DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: token });
  if (withVolume) {
    await fetch(`${sandbox.url}/api/2.1/unity-catalog/volumes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.adminToken}` },
      body: JSON.stringify({
        catalog_name: 'main',
        schema_name: 'default',
        name: 'init_scripts',
        volume_type: 'MANAGED',
      }),
    });
  }
  const plan = planFiles([
    ['workspace: https://adb-1234567890123456.7.azuredatabricks.net', `workspace: ${sandbox.url}`],
  ]);
  return { sandbox, plan, admin: as(sandbox.adminToken), ann: as(sandbox.tokenFor('ann@example.com')) };
}

describe.skipIf(why !== '')(`bundle${why}`, () => {
  it('stages everything once, and what is damaged again', async () => {
    const { plan, admin, sandbox } = await open(true);
    const first = await workshop(['bundle', plan, '--no-wheels', '--json'], admin);
    expect(first.code, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      claudeCode: version,
      where: '/Volumes/main/default/init_scripts',
      missing: null,
    });
    expect([...sandbox.books().files].sort()).toEqual(
      [
        `claude-code/${version}/SHA256SUMS`,
        ARCHIVE,
        'install-claude-code.sh',
        'jobs/as-attendee.py',
        'on-cluster.sha256',
        'on-cluster.tar.gz',
      ].map((name) => `/Volumes/main/default/init_scripts/${name}`),
    );
    await fetch(`${sandbox.url}/api/2.0/fs/files/Volumes/main/default/init_scripts/on-cluster.sha256?overwrite=true`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${sandbox.adminToken}` },
      body: 'damaged',
    });
    const again = await workshop(['bundle', plan, '--no-wheels'], admin);
    expect(again.stdout).toMatch(/^ {2}on-cluster\.sha256 \(\d+ bytes\) uploaded$/m);
    expect(again.stdout.match(/ unchanged$/gm)).toHaveLength(5);
    expect(first.stdout + first.stderr + again.stdout + again.stderr).not.toContain(sandbox.adminToken);
  });

  it('uploads nothing with --dry-run, and writes a folder with --output', async () => {
    const plan = planFiles();
    const dry = await workshop(['bundle', plan, '--no-wheels', '--dry-run'], env);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain(
      `sha256 ${PINNED_CLAUDE_CODE.sha256}\n/Volumes/main/default/init_scripts:\n  ${ARCHIVE} ` +
        '(77.1 MB) would be uploaded\n',
    );
    const output = join(scratch(), 'bundle');
    expect(await workshop(['bundle', plan, '--no-wheels', '--output', output], env)).toMatchObject({ code: 0 });
    expect(existsSync(join(output, ARCHIVE))).toBe(true);
    expect(readFileSync(join(output, 'claude-code', version, 'SHA256SUMS'), 'utf8')).toBe(
      `${PINNED_CLAUDE_CODE.sha256}  claude-code-linux-x64-${version}.tgz\n`,
    );
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    expect((await workshop(['bundle', plan, '--no-wheels', '--output', file], env)).stderr).toBe(
      `The folder ${file} cannot be used: there is a file where it should be. Choose another with --output.\n`,
    );
  });

  it('says what is missing: the volume, the right, credentials, the plan', async () => {
    const none = await open(false);
    const refused = await workshop(['bundle', none.plan, '--no-wheels'], none.admin);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('which must exist: databricks volumes create main default init_scripts MANAGED');
    const { plan, ann } = await open(true);
    expect((await workshop(['bundle', plan, '--no-wheels'], ann)).stderr).toContain(
      'You need READ VOLUME and WRITE VOLUME on main.default.init_scripts',
    );
    expect((await workshop(['bundle', plan, '--no-wheels'], env)).code).toBe(2);
    expect((await workshop(['bundle', '/nowhere/plan.yaml'])).stderr).toContain('there is no such file');
  });
});

describe("bundle with the databricks CLI of somebody else's download", () => {
  const pinned: readonly (readonly [string, string])[] = [
    ['# databricksCli:\n#   version: 1.14.0', 'databricksCli:\n  version: 1.14.0'],
  ];
  const names = CLI_RELEASE.archives('1.14.0');
  /** As it lies in a folder for downloads. */
  const download = (sums: boolean): string => {
    const folder = scratch();
    // What a zip with an empty "databricks" in it looks like.
    const zip = Buffer.from(
      'UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAAKAAAAZGF0YWJyaWNrc1BLAQIUAxQAAAAAAAAAIQAAAAAAAAAAAAAAAAAKAAAA' +
        'AAAAAAAAAACAAQAAAABkYXRhYnJpY2tzUEsFBgAAAAABAAEAOAAAACgAAAAAAA==',
      'base64',
    );
    for (const name of names) writeFileSync(join(folder, name), zip);
    if (sums)
      writeFileSync(
        join(folder, CLI_RELEASE.sums('1.14.0')),
        names.map((name) => `${sha256(zip)}  ${name}\n`).join(''),
      );
    return folder;
  };
  const nothing = { XDG_CACHE_HOME: '/nonexistent', PATH: '/nonexistent' };

  it.skipIf(why !== '')('is compared with its release where that is known, and staged with a checksum', async () => {
    const output = join(scratch(), 'bundle');
    const plan = planFiles(pinned);
    const compared = await workshop(
      ['bundle', plan, '--no-wheels', '--output', output, '--cli-archives', download(true), '--json'],
      env,
    );
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(compared.stdout)).toMatchObject({ databricksCli: '1.14.0', missing: null });
    expect(readFileSync(join(output, 'databricks-cli', '1.14.0', 'SHA256SUMS'), 'utf8')).toMatch(
      new RegExp(
        String.raw`^[0-9a-f]{64} {2}databricks_cli_1\.14\.0_linux_amd64\.zip\n[0-9a-f]{64} ` +
          String.raw`{2}databricks_cli_1\.14\.0_linux_arm64\.zip\n$`,
      ),
    );
    const folder = download(false);
    expect((await workshop(['bundle', plan, '--no-wheels', '--dry-run', '--cli-archives', folder], env)).stderr).toBe(
      'The databricks CLI 1.14.0 was not compared with its release: ' +
        `databricks_cli_1.14.0_SHA256SUMS is not in ${folder}.\n`,
    );
  });

  it('is refused when it is changed, missing, something else, or not pinned', async () => {
    const plan = planFiles(pinned);
    const said = async (folder: string, file = plan) => {
      const { code, stderr } = await workshop(['bundle', file, '--dry-run', '--cli-archives', folder], nothing);
      expect(code).toBe(2);
      return stderr;
    };
    const changed = download(true);
    writeFileSync(join(changed, names[1] ?? ''), 'changed');
    expect(await said(changed)).toContain(
      `${names[1]} does not have the checksum that databricks_cli_1.14.0_SHA256SUMS has for it`,
    );
    const other = download(false);
    writeFileSync(join(other, names[0] ?? ''), 'no zip');
    expect(await said(other)).toContain(`${names[0]} is no archive with a program "databricks" in it`);
    expect(await said(scratch())).toMatch(
      new RegExp(
        String.raw`linux_amd64\.zip is not there\. Nothing was uploaded\. Download .* from ` +
          String.raw`https:\/\/github\.com\/databricks\/cli\/releases\/tag\/v1\.14\.0`,
      ),
    );
    expect(await said(download(true), planFiles())).toContain('the plan pins none');
  });

  it.skipIf(why !== '')('is left out, and said, where its releases page cannot be reached', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'bin'));
    writeFileSync(
      join(folder, 'bin', 'curl'),
      '#!/bin/sh\necho "curl: (6) Could not resolve host: github.com" >&2\nexit 6\n',
      { mode: 0o755 },
    );
    mkdirSync(join(folder, 'databricks-workshop'));
    symlinkSync(join(cacheFolder(), 'claude-code'), join(folder, 'databricks-workshop', 'claude-code'));
    const { code, stdout, stderr } = await workshop(['bundle', planFiles(pinned), '--no-wheels', '--dry-run'], {
      XDG_CACHE_HOME: folder,
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    });
    expect(code).toBe(1);
    expect(stdout).toContain(`  ${ARCHIVE} (77.1 MB) would be uploaded\n`);
    expect(stdout).not.toContain('databricks-cli');
    expect(stderr).toContain(
      'Without the databricks CLI 1.14.0: ' +
        'https://github.com/databricks/cli/releases/download/v1.14.0/databricks_cli_1.14.0_SHA256SUMS ' +
        'could not be fetched: curl: (6)',
    );
  });
});

describe('bundle without a way to what it needs', () => {
  it('npm is not there', async () => {
    const nothing = scratch();
    const { code, stderr } = await workshop(['bundle', planFiles(), '--dry-run'], {
      XDG_CACHE_HOME: nothing,
      PATH: nothing,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/Claude Code \S+ cannot be had: npm could not fetch .*ENOENT.*Nothing was uploaded\./);
  });

  it('npm brings something else than what is pinned', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'bin'));
    // It is asked like npm, and leaves an archive of its own.
    writeFileSync(
      join(folder, 'bin', 'npm'),
      '#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\necho changed >"$2/x.tgz"\n',
      { mode: 0o755 },
    );
    const { code, stderr } = await workshop(['bundle', planFiles(), '--dry-run'], {
      XDG_CACHE_HOME: folder,
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('does not have the checksum that this program pins');
  });
});
