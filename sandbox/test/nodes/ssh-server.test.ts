import { expect, test } from 'vitest';
import { sshServerCommand } from '../../src/nodes/ssh-server.ts';
import { ANN } from '../harness.ts';

const common = { authorizedKeySecretName: 'client-public-key', maxClients: '10', shutdownDelay: '10m0s' };

// Which flags a version knows is in its own bootstrap notebook; one that it does not know ends it.
test.each([
  ['0.270.0', { keysSecretScopeName: 'scope' }, ['--keys-secret-scope-name=scope']],
  ['0.285.0', { secretScopeName: 'scope' }, ['--secret-scope-name=scope']],
  [
    '1.13.0',
    { secretScopeName: 'scope', sessionId: 'id', serverless: 'false', usagePolicyId: '' },
    ['--session-id=id', '--serverless=false', '--secret-scope-name=scope'],
  ],
])('the SSH server of the CLI %s is started with the flags that it knows', (version, own, flags) => {
  const [binary, ...rest] =
    sshServerCommand({ kind: 'ssh-server', parameters: { version, ...common, ...own } }, 'id', ANN) ?? [];
  expect(binary).toContain(`/ssh-tunnel/${version}/databricks_cli_${version}_linux_`);
  expect(rest).toEqual([
    'ssh',
    'server',
    '--cluster=id',
    ...flags,
    '--authorized-key-secret-name=client-public-key',
    '--max-clients=10',
    '--shutdown-delay=10m0s',
    `--version=${version}`,
    '--log-level=info',
    '--log-format=json',
    '--log-file=stdout',
  ]);
});
