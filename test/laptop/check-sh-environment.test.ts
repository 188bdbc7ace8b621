import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lacking, NAME, readyLaptop, where } from './fake-laptop.ts';
import { clusterOfAnn, workspaceOfAnn } from './workspace-of-ann.ts';

describe.skipIf(lacking !== undefined)(
  `laptop/check.sh, what is around it${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
  () => {
    it('another workspace in the environment wins over nothing here, and is warned of', async () => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      laptop.setUp(await clusterOfAnn(made, 'RUNNING'));
      const { stdout, evidence } = await laptop.check(made.url, ['--fix'], {
        env: {
          DATABRICKS_HOST: 'https://adb-9.9.azuredatabricks.net',
          DATABRICKS_TOKEN: 'some-other-secret',
          DATABRICKS_CONFIG_PROFILE: 'other',
          FAKE_SSH: '0',
        },
      });
      expect(evidence.checks).toMatchObject({ 'sign-in': 'passed', tunnel: 'passed' });
      const three = 'DATABRICKS_HOST DATABRICKS_CONFIG_PROFILE DATABRICKS_TOKEN';
      expect(stdout).toMatch(
        new RegExp(`^WARNING +environment +set in this terminal, another workspace's address: ${three}$`, 'm'),
      );
      expect(stdout).toContain(`Type: unset ${three}\n`);
      expect(stdout).toContain('Nothing failed.\n1 to look at: the lines that begin with WARNING.');
      expect(stdout).not.toContain('some-other-secret');
    });

    it('the same workspace and profile in the environment are no danger', async () => {
      const made = await workspaceOfAnn();
      const { stdout, evidence } = await readyLaptop(made.url, made.token).check(made.url, [], {
        env: { DATABRICKS_HOST: `${made.url}/`, DATABRICKS_CONFIG_PROFILE: NAME, DATABRICKS_TOKEN: '' },
      });
      expect(evidence.checks['sign-in']).toBe('passed');
      expect(stdout).not.toContain('WARNING');
    });

    it('a CLI that a keyring keeps waiting is ended, and the keyring named', async () => {
      const made = await workspaceOfAnn();
      const { stdout, evidence } = await readyLaptop(made.url, made.token).check(made.url, [], {
        env: { FAKE_KEYRING: 'locked', WORKSHOP_PATIENCE: '1' },
      });
      expect(stdout).toMatch(/FAILED +sign-in +the CLI does not come back within 1 s, .*: a keyring keeps it waiting/);
      expect(stdout).toMatch(/a window that asks for the password[^]*DATABRICKS_AUTH_STORAGE=plaintext/);
      expect(evidence.checks).toMatchObject({ reach: 'passed', 'sign-in': 'failed', tunnel: 'not tested' });
    });

    it('in WSL it says what is of Windows, and neither tries nor writes it', async () => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      laptop.install.instead(
        'uname',
        `#!/bin/sh\ncase $1 in -r) echo 5.15.153.1-microsoft-standard-WSL2 ;; *) exec ${where('uname')} "$@" ;; esac\n`,
      );
      const { stdout, evidence } = await laptop.check(made.url, ['--fix']);
      expect(stdout).toMatch(
        /^WARNING +wsl +this is Linux inside Windows.*\n.*known_hosts of Windows.*\n.*check\.ps1/m,
      );
      expect(evidence).toMatchObject({
        system: 'Linux inside Windows (WSL)',
        checks: { vscode: 'not tested', 'remote-ssh': 'not tested', settings: 'not tested', ssh: 'passed' },
      });
      expect(laptop.read(laptop.file.ssh)).toContain('ServerAliveInterval 30');
      expect(existsSync(laptop.file.settings)).toBe(false);
    });
  },
);
