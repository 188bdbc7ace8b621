import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/domain/papers/laptop-evidence.ts';
import { fakeLaptop, IN_PARTS, interceptor, lacking, NAME, readyLaptop, where } from './fake-laptop.ts';
import { ANN, clusterOfAnn, workspaceOfAnn } from './workspace-of-ann.ts';

describe.skipIf(lacking !== undefined)(
  `laptop/check.sh${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
  () => {
    it.each(['dash', 'bash', 'ksh'].filter((shell) => where(shell) !== undefined))(
      '%s: everything passes, through the tunnel to check-claude',
      async (shell) => {
        const made = await workspaceOfAnn();
        const laptop = readyLaptop(made.url, made.token);
        laptop.setUp(await clusterOfAnn(made, 'RUNNING'));
        const { code, stdout, stderr, evidence } = await laptop.check(made.url, ['--fix', '--cli', '1.8.0'], {
          env: { FAKE_SSH: '0' },
          shell,
        });
        expect(stderr).toBe('');
        expect(stdout).toContain('Nothing failed.');
        const { apps, ...others } = evidence.checks;
        expect(Object.values(others)).toEqual(Array(10).fill('passed'));
        // A sandbox has no host of apps.
        expect(apps).toBe('not tested');
        expect(evidence).toMatchObject({
          cli: '1.8.0',
          issuer: 'no TLS',
          proxy: 'no proxy',
          host: fingerprintOf(new URL(made.url).host),
        });
        expect(['Linux', 'macOS', 'Linux inside Windows (WSL)']).toContain(evidence.system);
        expect(Math.abs(Date.now() - Date.parse(evidence.day))).toBeLessThan(2 * 86_400_000);
        expect(stdout).not.toContain(made.token);
        expect(stdout).not.toContain(ANN);
        expect(code).toBe(0);
      },
    );

    it('in parts, from a checkout, it says the same', async () => {
      const laptop = readyLaptop('https://no-such-host.invalid', 'dapi00000000');
      const ran = async (script?: string) => {
        const { code, stdout, stderr } = await laptop.check(
          'https://no-such-host.invalid',
          [],
          script ? { script } : {},
        );
        return { code, stderr, stdout: stdout.replaceAll(/sh \S+check\.sh/g, 'sh check.sh') };
      };
      expect(await ran(IN_PARTS)).toEqual(await ran());
    });

    it('an empty laptop: what to install, and nothing that needs it is called failed', async () => {
      const made = await workspaceOfAnn();
      const { code, stdout, evidence } = await fakeLaptop().check(made.url);
      expect(evidence.checks).toEqual({
        cli: 'failed',
        version: 'not tested',
        ssh: 'failed',
        vscode: 'failed',
        'remote-ssh': 'not tested',
        settings: 'not tested',
        reach: 'passed',
        apps: 'not tested',
        'sign-in': 'not tested',
        tunnel: 'not tested',
        'check-claude': 'not tested',
      });
      expect(evidence.cli).toBeUndefined();
      expect(stdout).toMatch(/FAILED +cli .*\n +Type: (curl|brew) .*databricks/);
      expect(stdout).toMatch(/FAILED +vscode .*\n +Install it from https:\/\/code\.visualstudio\.com/);
      expect(code).toBe(1);
    });

    it.each([
      ['0.18.0', [], /old CLI, of Python.*\n +Type: pip uninstall databricks-cli/],
      ['0.268.9', [], /too old: databricks ssh needs 0\.269\.0/],
      ['1.9.0', ['--cli', '1.8.0'], /1\.9\.0, and 1\.8\.0 is prepared/],
    ] as const)('databricks %s %j is not the right one', async (version, args, said) => {
      const made = await workspaceOfAnn();
      const { stdout, evidence } = await readyLaptop(made.url, made.token).check(made.url, args, {
        env: { FAKE_CLI: version },
      });
      expect(stdout).toMatch(said);
      expect(evidence.checks.version).toBe('failed');
      expect(evidence.cli).toBe(version);
    });

    it('not signed in, elsewhere, or not any more: the line to type', async () => {
      const made = await workspaceOfAnn();
      const signIn = new RegExp(`Type: databricks auth login --host ${made.url} --profile ${NAME}`);
      const nowhere = readyLaptop(made.url, made.token);
      nowhere.put(nowhere.file.profile, '[DEFAULT]\nhost = https://example.com\n');
      const elsewhere = readyLaptop('https://adb-9.9.azuredatabricks.net', made.token);
      const expired = readyLaptop(made.url, 'dapi00000000');
      for (const [laptop, why] of [
        [nowhere, 'there is no profile'],
        [elsewhere, 'is for another workspace'],
        [expired, 'does not accept your sign-in'],
      ] as const) {
        const { stdout, evidence } = await laptop.check(made.url);
        expect(stdout).toContain(why);
        expect(stdout).toMatch(signIn);
        expect(evidence.checks).toMatchObject({ 'sign-in': 'failed', tunnel: 'not tested' });
      }
    });

    describe('TLS opened on the way', () => {
      const ZSCALER = '/O=Zscaler Inc./OU=Zscaler Inc./CN=Zscaler Intermediate Root CA';

      it('by Zscaler, and trusted: it works, and is said', async () => {
        const made = await workspaceOfAnn();
        const { url, authority } = await interceptor(made.url, ZSCALER);
        const { stdout, evidence } = await readyLaptop(url, made.token).check(url, [], {
          env: { CURL_CA_BUNDLE: authority },
        });
        expect(stdout).toMatch(/TLS is opened on the way, by: .*Zscaler/);
        expect(evidence).toMatchObject({ issuer: 'Zscaler', checks: { reach: 'passed', 'sign-in': 'passed' } });
      });

      it('by Zscaler, and not trusted: whom to ask for what', async () => {
        const made = await workspaceOfAnn();
        const { url } = await interceptor(made.url, ZSCALER);
        const { stdout, evidence } = await readyLaptop(url, made.token).check(url);
        expect(stdout).toMatch(
          /FAILED +reach +your company opens TLS, with a certificate that this laptop does not trust: .*Zscaler/,
        );
        expect(stdout).toMatch(/type: sudo (cp|security)/);
        expect(evidence).toMatchObject({ issuer: 'Zscaler', checks: { reach: 'failed' } });
      });

      it.each([
        ['/CN=caadmin.netskope.com/O=Netskope', 'Netskope'],
        ['/C=US/L=San Francisco/O=Somebody/CN=Somebody', 'an authority that is not public'],
        ['/O=Cisco/CN=Cisco Umbrella Root CA', 'Cisco'],
        ['/C=US/O=DigiCert Inc/CN=DigiCert Global G2', 'a public authority'],
      ])('by %s', async (subject, issuer) => {
        const { url } = await interceptor('http://127.0.0.1:1', subject);
        expect((await fakeLaptop().check(url)).evidence.issuer).toBe(issuer);
      });
    });

    it('a workspace that is not reached, and something else that answers', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((listening) => server.once('listening', listening));
      const { port } = server.address() as AddressInfo;
      await new Promise((closed) => server.close(closed));
      expect((await fakeLaptop().check(`http://127.0.0.1:${port}`)).stdout).toMatch(
        /FAILED +reach .*does not answer\n +Connect your VPN/,
      );
      expect((await fakeLaptop().check('https://no-such-host.invalid')).stdout).toMatch(
        /FAILED +reach +the name no-such-host\.invalid is not known here/,
      );
      expect(
        (
          await fakeLaptop().check('https://adb-1.2.azuredatabricks.net', [], {
            env: { https_proxy: `http://127.0.0.1:${port}` },
          })
        ).evidence,
      ).toMatchObject({ proxy: 'a proxy that the CLI knows', checks: { reach: 'failed' } });
      const made = await workspaceOfAnn();
      const { url, authority } = await interceptor(`${made.url}/not-there`, '/CN=x');
      expect((await fakeLaptop().check(url, [], { env: { CURL_CA_BUNDLE: authority } })).stdout).toMatch(
        /FAILED +reach .*answers with HTTP \d+: no workspace/,
      );
    });

    it.each([
      [[], /--workspace and --name/],
      [['--workspace'], /needs a value/],
      [['--nonsense'], /is no option/],
    ])('%j is refused', async (args, said) => {
      const checked = await fakeLaptop().check('', args);
      expect(checked).toMatchObject({ code: 2, stdout: '' });
      expect(checked.stderr).toMatch(said);
    });
    it.each(['ftp://x', 'http://adb-1.2.azuredatabricks.net', '$(touch x)'])(
      'the address %s is refused',
      async (address) => {
        expect(await fakeLaptop().check(address)).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('is not the address of a workspace'),
        });
      },
    );
    it('a name that ssh would read as a pattern is refused', async () => {
      for (const name of ['*', '-oProxyCommand=x', 'a b'])
        expect((await fakeLaptop().check('https://a.b', ['--name', name])).code).toBe(2);
    });
  },
);
