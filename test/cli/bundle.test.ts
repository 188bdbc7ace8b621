import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PINNED_CLAUDE_CODE } from '../../src/domain/claude-code.ts';
import { cacheFolder } from '../../src/embedded/cache-folder.ts';
import { claudeCodeArchive } from '../../src/embedded/claude-code-archive.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
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
    await fetch(`${sandbox.url}/api/2.1/unity-catalog/volumes`, { method: 'POST', headers: { authorization: `Bearer ${sandbox.adminToken}` }, body: JSON.stringify({ catalog_name: 'main', schema_name: 'default', name: 'init_scripts', volume_type: 'MANAGED' }) });
  }
  const plan = planFiles([['workspace: https://adb-1234567890123456.7.azuredatabricks.net', `workspace: ${sandbox.url}`]]);
  return { sandbox, plan, admin: as(sandbox.adminToken), ann: as(sandbox.tokenFor('ann@example.com')) };
}

describe.skipIf(why !== '')(`bundle${why}`, () => {
  it('stages everything once, and what is damaged again', async () => {
    const { plan, admin, sandbox } = await open(true);
    const first = await workshop(['bundle', plan, '--no-wheels', '--json'], admin);
    expect(first.code, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ claudeCode: version, where: '/Volumes/main/default/init_scripts', missing: null });
    expect([...sandbox.books().files].sort()).toEqual([`claude-code/${version}/SHA256SUMS`, ARCHIVE, 'install-claude-code.sh', 'jobs/as-attendee.py', 'on-cluster.sha256', 'on-cluster.tar.gz'].map((name) => `/Volumes/main/default/init_scripts/${name}`));
    await fetch(`${sandbox.url}/api/2.0/fs/files/Volumes/main/default/init_scripts/on-cluster.sha256?overwrite=true`, { method: 'PUT', headers: { authorization: `Bearer ${sandbox.adminToken}` }, body: 'damaged' });
    const again = await workshop(['bundle', plan, '--no-wheels'], admin);
    expect(again.stdout).toMatch(/^ {2}on-cluster\.sha256 \(\d+ bytes\) uploaded$/m);
    expect(again.stdout.match(/ unchanged$/gm)).toHaveLength(5);
    expect(first.stdout + first.stderr + again.stdout + again.stderr).not.toContain(sandbox.adminToken);
  });

  it('uploads nothing with --dry-run, and writes a folder with --output', async () => {
    const plan = planFiles();
    const dry = await workshop(['bundle', plan, '--no-wheels', '--dry-run'], env);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain(`sha256 ${PINNED_CLAUDE_CODE.sha256}\n/Volumes/main/default/init_scripts:\n  ${ARCHIVE} (77.1 MB) would be uploaded\n`);
    const output = join(scratch(), 'bundle');
    expect(await workshop(['bundle', plan, '--no-wheels', '--output', output], env)).toMatchObject({ code: 0 });
    expect(existsSync(join(output, ARCHIVE))).toBe(true);
    expect(readFileSync(join(output, 'claude-code', version, 'SHA256SUMS'), 'utf8')).toBe(`${PINNED_CLAUDE_CODE.sha256}  claude-code-linux-x64-${version}.tgz\n`);
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    expect((await workshop(['bundle', plan, '--no-wheels', '--output', file], env)).stderr).toBe(`The folder ${file} cannot be used: there is a file where it should be. Choose another with --output.\n`);
  });

  it('says what is missing: the volume, the right, credentials, the plan', async () => {
    const none = await open(false);
    const refused = await workshop(['bundle', none.plan, '--no-wheels'], none.admin);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('which must exist: databricks volumes create main default init_scripts MANAGED');
    const { plan, ann } = await open(true);
    expect((await workshop(['bundle', plan, '--no-wheels'], ann)).stderr).toContain('You need READ VOLUME and WRITE VOLUME on main.default.init_scripts');
    expect((await workshop(['bundle', plan, '--no-wheels'], env)).code).toBe(2);
    expect((await workshop(['bundle', '/nowhere/plan.yaml'])).stderr).toContain('there is no such file');
  });
});

describe('bundle without a way to what it needs', () => {
  it('npm is not there', async () => {
    const nothing = scratch();
    const { code, stderr } = await workshop(['bundle', planFiles(), '--dry-run'], { XDG_CACHE_HOME: nothing, PATH: nothing });
    expect(code).toBe(2);
    expect(stderr).toMatch(/Claude Code \S+ cannot be had: npm could not fetch .*ENOENT.*Nothing was uploaded\./);
  });

  it('npm brings something else than what is pinned', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'bin'));
    // It is asked like npm, and leaves an archive of its own.
    writeFileSync(join(folder, 'bin', 'npm'), '#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\necho changed >"$2/x.tgz"\n', { mode: 0o755 });
    const { code, stderr } = await workshop(['bundle', planFiles(), '--dry-run'], { XDG_CACHE_HOME: folder, PATH: `${join(folder, 'bin')}:/usr/bin:/bin` });
    expect(code).toBe(2);
    expect(stderr).toContain('does not have the checksum that this program pins');
  });
});
