import { describe, expect, it } from 'vitest';
import { lacking, readyLaptop } from './fake-laptop.ts';
import { clusterOfAnn, workspaceOfAnn } from './workspace-of-ann.ts';

describe.skipIf(lacking !== undefined)(
  `laptop/check.sh, the tunnel${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
  () => {
    it.each([
      [
        '255',
        'kex_exchange_identification: Connection closed',
        { tunnel: 'failed', 'check-claude': 'not tested' },
        /FAILED +tunnel .*\n +Type: ssh -v workshop-spring-apps true\n +kex_\w+: .*\n +A proxy that blocks WebSocket/,
      ],
      [
        '255',
        'Uploading binaries...\nError: failed to download https://github.com/databricks/cli/x.zip: no such host\n' +
          'Connection closed by UNKNOWN port 65535',
        { tunnel: 'failed', 'check-claude': 'not tested' },
        /FAILED +tunnel .*\n.*\n +Error: failed to download .*\n +The first connection loads two archives from GitHub/,
      ],
      [
        '255',
        'Host key verification failed.',
        { tunnel: 'failed', 'check-claude': 'not tested' },
        /Type: ssh-keygen -R \S+; ssh-keygen -R workshop-spring-apps/,
      ],
      [
        '127',
        'bash: check-claude: command not found',
        { tunnel: 'passed', 'check-claude': 'failed' },
        /FAILED +check-claude .*\n +Type: ssh workshop-spring-apps cat \/tmp\/init-script-claude\.log/,
      ],
      [
        '1',
        '',
        { tunnel: 'passed', 'check-claude': 'failed' },
        /FAILED +check-claude +it ends with 1\n +Type: ssh workshop-spring-apps check-claude/,
      ],
      [
        '255',
        'Error: failed to establish websocket connection: websocket: bad handshake',
        { tunnel: 'failed', 'check-claude': 'not tested' },
        /A proxy that blocks WebSocket.*\n +More than 10 connections to one cluster do it, too\. A cluster takes 10/,
      ],
    ])('ssh ends with %s', async (code, says, checks, said) => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      laptop.setUp(await clusterOfAnn(made, 'RUNNING'));
      const checked = await laptop.check(made.url, [], { env: { FAKE_SSH: code, FAKE_SSH_SAYS: says } });
      expect(checked.evidence.checks).toMatchObject(checks);
      expect(checked.stdout).toMatch(said);
    });

    it('ten connections that are open already are called that, and no proxy is blamed', async () => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      const cluster = await clusterOfAnn(made, 'RUNNING');
      laptop.setUp(cluster);
      const own = `/usr/local/bin/databricks ssh connect --proxy --cluster=${cluster} --profile x`;
      const another = own.replace(cluster, '0101-010101-another');
      const others = `ssh -o ProxyCommand=${own} x\\n/bin/sh -c ${own}\\n${another}`;
      const open = (count: number) =>
        laptop.install.instead('ps', `#!/bin/sh\nprintf '${others}\\n${`${own}\\n`.repeat(count)}'\n`);
      const check = async () =>
        (
          await laptop.check(made.url, [], {
            env: { FAKE_SSH: '255', FAKE_SSH_SAYS: 'Error: websocket: bad handshake' },
          })
        ).stdout;
      open(10);
      const full = await check();
      expect(full).toMatch(
        /FAILED +tunnel .*\n.*\n.*\n +10 connections to it are open on this laptop\. A cluster takes 10/,
      );
      expect(full).not.toContain('A proxy that blocks');
      open(9);
      expect(await check()).toContain('A proxy that blocks WebSocket');
    });

    it('is not tested without a running cluster, unless it may wake it', async () => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      expect((await laptop.check(made.url)).stdout).toMatch(
        /not tested +tunnel +ssh knows no workshop-spring-apps yet: type the line "databricks ssh setup/,
      );
      laptop.setUp(await clusterOfAnn(made, 'TERMINATED'));
      const asleep = await laptop.check(made.url);
      expect(asleep.stdout).toMatch(
        /not tested +tunnel +your cluster is not running \(TERMINATED\): run this again with --wake/,
      );
      expect(asleep.evidence.checks.tunnel).toBe('not tested');
      expect((await laptop.check(made.url, ['--wake'], { env: { FAKE_SSH: '0' } })).evidence.checks).toMatchObject({
        tunnel: 'passed',
        'check-claude': 'passed',
      });
      laptop.setUp('0101-010101-notthere');
      expect((await laptop.check(made.url)).stdout).toMatch(
        /not tested +tunnel +your cluster 0101-010101-notthere is not there, or not yours/,
      );
    });
  },
);
