import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/bundle/on-cluster.ts';
import { CLI_RELEASE } from '../../src/domain/replayed/made/databricks-cli.ts';
import { findOnPath } from '../../src/executable.ts';
import { runProgram } from '../run-program.ts';
import { ANN, clientOf, scratchFolder } from '../../sandbox/test/harness.ts';
import { describeOnRealNodes } from '../../sandbox/test/nodes/on-real-nodes.ts';
import {
  SCRIPTS,
  STAND_IN,
  standInBundle,
  workshopSandbox,
  type Launched,
  type WorkshopSandbox,
} from './workshop-node.ts';

const MADE_UP = '1.99.0';
const IMPORT = 'POST /api/2.0/workspace-files/import-file/*path';

/** Archives as the releases page of the CLI has them. @param program goes into the one for amd64 and that for arm64 */
function release(version: string, program: string): { name: string; bytes: Buffer }[] {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  const names = CLI_RELEASE.archives(version);
  const source = `import sys, zipfile
for name in sys.argv[2:]:
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(sys.argv[1], "databricks")
`;
  execFileSync('python3', ['-c', source, program, ...names], { cwd: folder });
  const files = names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  rmSync(folder, { recursive: true });
  return files;
}

async function stageRelease(
  { stage }: WorkshopSandbox,
  version: string,
  files: ReturnType<typeof release>,
): Promise<void> {
  for (const { name, bytes } of files) await stage(`${CLI_RELEASE.staged(version)}/${name}`, bytes);
  await stage(
    `${CLI_RELEASE.staged(version)}/${CLI_RELEASE.stagedSums}`,
    files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).join(''),
  );
}

describeOnRealNodes('the CLI is put where databricks ssh looks for it', () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
  });
  const place = (version: string) =>
    `/Users/${ANN}/.databricks/ssh-tunnel/${version}/databricks_cli_${version}_linux_amd64/databricks`;
  const isThere = async (path: string) =>
    (await opened().admin('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}`)).status === 200;
  const seeded = async (version: string) => (await node.job('--seed-cli', version)).report.seeded;

  test('what is not staged, half staged or changed is not used, and said', async () => {
    const { stage } = opened();
    const folder = CLI_RELEASE.staged(MADE_UP);
    const [name = ''] = CLI_RELEASE.archives(MADE_UP);
    expect(await seeded(MADE_UP)).toEqual({
      state: 'not staged',
      said:
        `${SCRIPTS}/${folder} has no SHA256SUMS: the databricks CLI ${MADE_UP} was not staged. ` +
        'Type: bin/workshop bundle PLAN --cli-archives FOLDER',
    });
    await stage(`${folder}/SHA256SUMS`, `${sha256(Buffer.from('as it was'))}  ${name}\n`);
    expect((await seeded(MADE_UP)).said).toContain(
      `${SCRIPTS}/${folder}/${name} cannot be read: No such file or directory`,
    );
    await stage(`${folder}/${name}`, 'changed');
    expect(await seeded(MADE_UP)).toMatchObject({
      state: 'failed',
      said: expect.stringContaining(`the checksum of ${SCRIPTS}/${folder}/${name} is wrong`) as string,
    });
    expect(await seeded('../etc')).toMatchObject({
      state: 'failed',
      said: expect.stringContaining("'../etc' is no version") as string,
    });
    expect(await isThere(place(MADE_UP))).toBe(false);
  });

  test('a workspace that refuses, one that is busy, and then it is there', async () => {
    const program = join(scratchFolder(), 'databricks');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    await stageRelease(opened(), MADE_UP, release(MADE_UP, program));
    await opened().faults([
      {
        route: IMPORT.replace('*path', '*'),
        effect: { status: 403, error_code: 'PERMISSION_DENIED', message: 'not yours' },
      },
    ]);
    expect(await seeded(MADE_UP)).toMatchObject({
      state: 'failed',
      said: expect.stringMatching(
        /import-file\/Workspace\/Users\/ann@example\.com\/\S+ answers HTTP 403: not yours\.$/,
      ) as string,
    });
    await opened().faults([
      {
        route: IMPORT.replace('*path', '*'),
        count: 1,
        effect: { status: 429, error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'later' },
      },
    ]);
    expect(await seeded(MADE_UP)).toEqual({
      state: 'seeded',
      said: `The databricks CLI ${MADE_UP} is in place for amd64 and arm64.`,
    });
    await opened().faults([]);
    expect(await seeded(MADE_UP)).toEqual({
      state: 'there',
      said: `The databricks CLI ${MADE_UP} is in place already.`,
    });
    expect((await node.session(`/Workspace${place(MADE_UP)} && stat -c %A /Workspace${place(MADE_UP)}`)).stdout).toBe(
      '-rwxr-xr-x\n',
    );
  });

  const cli = process.env['DATABRICKS_CLI'] || findOnPath('databricks', process.env['PATH']);
  const version =
    cli === undefined
      ? undefined
      : /v(\d+\.\d+\.\d+)\s*$/.exec(
          execFileSync(cli, ['--version'], { encoding: 'utf8', env: { HOME: tmpdir() } }),
        )?.[1];
  const why =
    cli === undefined
      ? 'needs the databricks CLI: install it, or set DATABRICKS_CLI to where it is'
      : version === undefined
        ? `needs a release of the databricks CLI, and ${cli} is none`
        : '';
  describe.skipIf(why !== '')(`the databricks CLI itself${why && ` (left out: ${why})`}`, () => {
    test('connects for the first time without the internet, and uploads no archive', async () => {
      if (cli === undefined || version === undefined) throw new Error(why);
      const { sandbox } = opened();
      await stageRelease(opened(), version, release(version, cli));
      const imported = () => sandbox.books().requests.byRoute[IMPORT] ?? 0;
      const home = scratchFolder();
      const ann = clientOf(sandbox, undefined);
      const token = (await ann('POST', '/__sandbox/tokens', { user_name: ANN })).json.token as string;
      // Whatever is not the workspace would have to go through a proxy that is not there.
      const env = {
        HOME: home,
        PATH: process.env['PATH'],
        DATABRICKS_HOST: sandbox.url,
        DATABRICKS_TOKEN: token,
        HTTPS_PROXY: 'http://127.0.0.1:9',
        HTTP_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1',
      };
      const connect = () =>
        runProgram(
          cli,
          [
            'ssh',
            'connect',
            '--cluster',
            node.id,
            '--user-known-hosts-file',
            join(home, 'known_hosts'),
            '--auto-start-cluster=false',
            '--',
            'check-claude --json',
          ],
          env,
        );
      expect((await connect()).stderr).toContain(
        `failed to download ${CLI_RELEASE.page(version)}/${CLI_RELEASE.archives(version)[0]}`,
      );
      expect((await seeded(version)).state).toBe('seeded');
      const before = imported();
      const connected = await connect();
      expect(connected.code, connected.stderr).toBe(0);
      expect(JSON.parse(connected.stdout)).toMatchObject({ command: 'check-claude', person: ANN });
      // One by the SSH server of the cluster, for its own metadata.json.
      expect(imported() - before).toBe(1);
      // Nobody's work, although the SSH server wrote into the home folder.
      expect((await node.job('--save')).report.saved).toMatchObject({
        state: 'nothing',
        said: 'In /root there is nothing to save.',
      });
    });
  });
});
