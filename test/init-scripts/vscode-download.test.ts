import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../sandbox/test/harness.ts';
import { runProgram } from '../run-program.ts';
import { INIT_SCRIPTS } from './workshop-node.ts';

const FIRST = 'https://update.code.visualstudio.com/latest/server-linux-x64/stable';
const SECOND = 'https://vscode.download.prss.microsoft.com/dbazure/download/stable/abc/vscode-server-linux-x64.tar.gz';

/** Answers as the hosts would: `STATUS LEADS_TO` for each address; no answer is curl's 000 and a failure. */
const CURL = `#!/bin/bash
address=\${!#}
case $address in
  ${FIRST}) said=$FAKE_FIRST ;;
  ${SECOND}) said=$FAKE_SECOND ;;
  *) said="999 $address" ;;
esac
printf '%s' "\${said:-000 }"
[ -n "$said" ]
`;

/** The line that claude-vscode-check has about it, on a node whose curl says this. */
async function lineWith(first: string, second: string) {
  const bin = scratchFolder();
  writeFileSync(join(bin, 'curl'), CURL);
  chmodSync(join(bin, 'curl'), 0o755);
  const { stdout } = await runProgram('/bin/bash', [join(INIT_SCRIPTS, 'bin', 'claude-vscode-check'), '--json'], {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: bin,
    FAKE_FIRST: first,
    FAKE_SECOND: second,
  });
  const { checks } = JSON.parse(stdout) as { checks: { id: string; state: string; said: string; next: string }[] };
  return checks.find(({ id }) => id === 'download');
}

test('a node that gets to both hosts can download it', async () => {
  expect(await lineWith(`302 ${SECOND}`, '200 ')).toMatchObject({
    state: 'ok',
    said: "VS Code's server can be downloaded here, from vscode.download.prss.microsoft.com",
  });
});

test.each([
  ['no way out', '', '', 'update.code.visualstudio.com does not answer'],
  ['only the first is open', `302 ${SECOND}`, '', 'vscode.download.prss.microsoft.com does not answer'],
  ['a firewall refuses the second', `302 ${SECOND}`, '403 ', 'vscode.download.prss.microsoft.com answers HTTP 403'],
  ['a proxy wants a password', '407 ', '', 'update.code.visualstudio.com answers HTTP 407'],
  ["somebody's page in between", '200 ', '200 ', 'update.code.visualstudio.com answers HTTP 200'],
])('%s: it is said, with the setting of the laptop', async (_, first, second, said) => {
  expect(await lineWith(first, second)).toEqual({
    id: 'download',
    state: 'warning',
    said: `VS Code's server cannot be downloaded here: ${said}`,
    next: 'on your laptop, in the settings of VS Code: "remote.SSH.localServerDownload": "always"',
  });
});

test('where the maker has moved it, nothing is claimed', async () => {
  expect(await lineWith('404 ', '')).toMatchObject({ state: 'skipped' });
  expect(await lineWith('302 ', '')).toMatchObject({ state: 'skipped' });
});
