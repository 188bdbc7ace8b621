import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTestServer } from '../../../src/cli/downloads/test-server-binary.ts';
import { scratchFolder, script } from '../../scratch.ts';

function bareMachine(more: Record<string, string> = {}) {
  const folder = scratchFolder();
  const bin = join(folder, 'bin');
  const env = {
    HTTPS_PROXY: 'http://127.0.0.1:9',
    https_proxy: 'http://127.0.0.1:9',
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    PATH: `${bin}:/usr/bin:/bin`,
    ...more,
  };
  return { folder, bin, env, find: () => findTestServer({ env, report: () => {} }) };
}

it('takes the file that TEMPORAL_TEST_SERVER names, and complains when it is none', async () => {
  const { folder } = bareMachine();
  const path = script(join(folder, 'mine'), 'exit 0');
  expect(await bareMachine({ TEMPORAL_TEST_SERVER: path }).find()).toEqual({ path, source: 'environment' });
  await expect(bareMachine({ TEMPORAL_TEST_SERVER: '/nowhere' }).find()).rejects.toThrow(
    'TEMPORAL_TEST_SERVER is /nowhere',
  );
});

it('has Maven fetch it last, as a script that passes arguments on, and finds it in the cache then', async () => {
  const { bin, env, find } = bareMachine();
  script(
    join(bin, 'mvn'),
    'for a in "$@"; do case $a in -DoutputDirectory=*) mkdir -p "${a#*=}"; touch "${a#*=}/server.jar";; esac; done',
  );
  script(join(bin, 'java'), 'echo "java $*"; ls "$(dirname "${2%/*}")/lib"');
  const { path, source } = await find();
  expect(source).toBe('maven');
  const output = execFileSync(path, ['7233'], { env, encoding: 'utf8' });
  expect(output).toContain('io.temporal.testserver.TestServer 7233');
  expect(output).toContain('server.jar');
  expect(await find()).toEqual({ path, source: 'cache' });
});

it('says what to install when nothing works', async () => {
  const { bin, find } = bareMachine();
  script(join(bin, 'java'), 'exit 0');
  script(join(bin, 'mvn'), 'echo "[ERROR] Could not resolve the artifact"; exit 1');
  await expect(find()).rejects.toThrow(/Maven: Could not resolve the artifact[\s\S]*default-jre-headless maven/);
});
