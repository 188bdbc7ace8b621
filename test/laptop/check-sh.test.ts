import { createServer, type AddressInfo } from 'node:net';
import { statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprintOf } from '../../src/domain/papers/laptop-evidence.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { clientOf, createCluster } from '../../sandbox/test/harness.ts';
import { fakeLaptop, interceptor, lacking, NAME, readyLaptop, where } from './fake-laptop.ts';

const ANN = 'ann@example.com';
async function workspace() {
  const sandbox = await startSandbox({ people: [ANN], speed: 5_000 });
  onTestFinished(() => sandbox.close());
  return { url: sandbox.url, token: sandbox.tokenFor(ANN), admin: clientOf(sandbox, sandbox.adminToken) };
}
type Made = Awaited<ReturnType<typeof workspace>>;

async function clusterOfAnn({ admin }: Made, state: 'RUNNING' | 'TERMINATED'): Promise<string> {
  const id = await createCluster(admin);
  await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });
  const until = async (wanted: string) => {
    while ((await admin('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).json.state !== wanted)
      await new Promise((soon) => setTimeout(soon, 20));
  };
  await until('RUNNING');
  if (state === 'TERMINATED') {
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    await until('TERMINATED');
  }
  return id;
}

describe.skipIf(lacking !== undefined)(
  `laptop/check.sh${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
  () => {
    it.each(['dash', 'bash', 'ksh'].filter((shell) => where(shell) !== undefined))(
      '%s: everything passes, through the tunnel to check-claude',
      async (shell) => {
        const made = await workspace();
        const laptop = readyLaptop(made.url, made.token);
        laptop.setUp(await clusterOfAnn(made, 'RUNNING'));
        const { code, stdout, stderr, evidence } = await laptop.check(made.url, ['--fix', '--cli', '1.8.0'], {
          env: { FAKE_SSH: '0' },
          shell,
        });
        expect(stderr).toBe('');
        expect(stdout).toContain('Nothing failed.');
        expect(Object.values(evidence.checks)).toEqual(Array(10).fill('passed'));
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

    it('an empty laptop: what to install, and nothing that needs it is called failed', async () => {
      const made = await workspace();
      const { code, stdout, evidence } = await fakeLaptop().check(made.url);
      expect(evidence.checks).toEqual({
        cli: 'failed',
        version: 'not tested',
        ssh: 'failed',
        vscode: 'failed',
        'remote-ssh': 'not tested',
        settings: 'not tested',
        reach: 'passed',
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
      const made = await workspace();
      const { stdout, evidence } = await readyLaptop(made.url, made.token).check(made.url, args, {
        env: { FAKE_CLI: version },
      });
      expect(stdout).toMatch(said);
      expect(evidence.checks.version).toBe('failed');
      expect(evidence.cli).toBe(version);
    });

    it('not signed in, elsewhere, or not any more: the line to type', async () => {
      const made = await workspace();
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
        const made = await workspace();
        const { url, authority } = await interceptor(made.url, ZSCALER);
        const { stdout, evidence } = await readyLaptop(url, made.token).check(url, [], {
          env: { CURL_CA_BUNDLE: authority },
        });
        expect(stdout).toMatch(/TLS is opened on the way, by: .*Zscaler/);
        expect(evidence).toMatchObject({ issuer: 'Zscaler', checks: { reach: 'passed', 'sign-in': 'passed' } });
      });

      it('by Zscaler, and not trusted: whom to ask for what', async () => {
        const made = await workspace();
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
      const made = await workspace();
      const { url, authority } = await interceptor(`${made.url}/not-there`, '/CN=x');
      expect((await fakeLaptop().check(url, [], { env: { CURL_CA_BUNDLE: authority } })).stdout).toMatch(
        /FAILED +reach .*answers with HTTP \d+: no workspace/,
      );
    });

    describe('the tunnel', () => {
      it.each([
        [
          '255',
          'kex_exchange_identification: Connection closed',
          { tunnel: 'failed', 'check-claude': 'not tested' },
          /FAILED +tunnel .*\n +Type: ssh -v workshop-spring-apps true\n +kex_exchange.*\n +A proxy that blocks WebSocket/,
        ],
        [
          '255',
          'Uploading binaries...\nError: failed to download https://github.com/databricks/cli/x.zip: no such host\nConnection closed by UNKNOWN port 65535',
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
      ])('ssh ends with %s', async (code, says, checks, said) => {
        const made = await workspace();
        const laptop = readyLaptop(made.url, made.token);
        laptop.setUp(await clusterOfAnn(made, 'RUNNING'));
        const checked = await laptop.check(made.url, [], { env: { FAKE_SSH: code, FAKE_SSH_SAYS: says } });
        expect(checked.evidence.checks).toMatchObject(checks);
        expect(checked.stdout).toMatch(said);
      });

      it('is not tested without a running cluster, unless it may wake it', async () => {
        const made = await workspace();
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
    });

    describe('--fix', () => {
      const fixed = async (settings: string | undefined, ssh?: string) => {
        const made = await workspace();
        const laptop = readyLaptop(made.url, made.token);
        if (settings !== undefined) laptop.put(laptop.file.settings, settings);
        if (ssh !== undefined) laptop.put(laptop.file.ssh, ssh);
        const before = await laptop.check(made.url);
        expect(before.evidence.checks.settings).toBe('failed');
        expect(before.stdout).toMatch(/Type: sh \S+check\.sh .* --fix/);
        const { evidence } = await laptop.check(made.url, ['--fix']);
        const once = [laptop.read(laptop.file.settings), laptop.read(laptop.file.ssh)];
        // Nothing is written a second time.
        await laptop.check(made.url, ['--fix']);
        expect([laptop.read(laptop.file.settings), laptop.read(laptop.file.ssh)]).toEqual(once);
        return { settings: once[0] ?? '', ssh: once[1] ?? '', checked: evidence.checks.settings, laptop };
      };

      it('makes what is not there, for nobody else to read', async () => {
        const { settings, ssh, checked, laptop } = await fixed(undefined);
        expect(JSON.parse(settings)).toEqual({ 'remote.SSH.connectTimeout': 360 });
        expect(ssh).toMatch(/^Host workshop-spring-apps\n +ServerAliveInterval 30$/m);
        expect(statSync(laptop.file.ssh).mode & 0o077).toBe(0);
        expect(checked).toBe('passed');
      });

      it.each([
        ['{"editor.fontSize": 14}', { 'editor.fontSize': 14, 'remote.SSH.connectTimeout': 360 }],
        ['{\n}\n', { 'remote.SSH.connectTimeout': 360 }],
        ['{ "remote.SSH.connectTimeout" : 15, "a": {"b": 1} }', { 'remote.SSH.connectTimeout': 360, a: { b: 1 } }],
        ['{"a": {"b": "{"}}', { a: { b: '{' }, 'remote.SSH.connectTimeout': 360 }],
      ])('keeps the settings that there are: %s', async (before, after) => {
        const { settings, checked, laptop } = await fixed(before);
        expect(JSON.parse(settings)).toEqual(after);
        expect(laptop.read(`${laptop.file.settings}.before-workshop`)).toBe(before);
        expect(checked).toBe('passed');
      });

      it('keeps comments, and takes none for a setting', async () => {
        const before = '// mine { really\n{\n  // "remote.SSH.connectTimeout": 400\n  "a": 1\n}\n';
        const { settings, checked } = await fixed(before);
        expect(settings).toBe(
          '// mine { really\n{\n    "remote.SSH.connectTimeout": 360,\n  // "remote.SSH.connectTimeout": 400\n  "a": 1\n}\n',
        );
        expect(checked).toBe('passed');
      });

      it('changes nothing that it does not understand, and says so', async () => {
        const { settings, checked } = await fixed('[1, 2]\n');
        expect(settings).toBe('[1, 2]\n');
        expect(checked).toBe('failed');
      });

      it('adds to an ssh config that has no line end, and leaves what others chose', async () => {
        const { ssh } = await fixed('{}', 'Host other\n    Port 2222');
        expect(ssh).toMatch(/^Host other\n {4}Port 2222\n/);
        const made = await workspace();
        const laptop = readyLaptop(made.url, made.token);
        laptop.put(laptop.file.ssh, 'Host *\n  ServerAliveInterval 60\n');
        await laptop.check(made.url, ['--fix']);
        expect(laptop.read(laptop.file.ssh)).toBe('Host *\n  ServerAliveInterval 60\n');
      });
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
