import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeLaptop, interceptor, lacking, where } from './fake-laptop.ts';

const AZURE = 'https://adb-984752964297111.11.azuredatabricks.net';
const ITS_APPS = 'workshop-check-984752964297111.11.azure.databricksapps.com';

/** Answers in the place of every host of apps, as `FAKE_APPS` says: how it ends, and what it writes. */
const CURL = `#!/bin/sh
for each in "$@"; do
  case $each in https://*databricksapps.com*) set -- $FAKE_APPS; shift; echo "$@"; exit "\${FAKE_APPS%% *}" ;; esac
done
exit 6
`;

/** A company's proxy. @returns its address, and whom it was asked for. */
async function proxy(status: number): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.end(`HTTP/1.1 ${status} Said\r\n\r\n`);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe.skipIf(lacking !== undefined)(
  `laptop/check.sh, the way to apps${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
  () => {
    const REAL = ['--app', 'https://mine-984752964297111.11.azure.databricksapps.com/page?x=1'];
    it.each([
      [
        'an answer',
        '0 404 000',
        [],
        'passed',
        /ok +apps +workshop-check-984752964297111\.11\.azure\.databricksapps\.com/,
      ],
      ['an answer of a real app', '0 302 000', REAL, 'passed', /ok +apps +mine-984752964297111\.11\.azure\./],
      ['no name', '6 000 000', [], 'not tested', /the name workshop-\S+ is not known here.*\n.*add --app https:\/\//],
      ['no name of a real app', '6 000 000', REAL, 'failed', /the name mine-\S+ is not known.*\n +Connect your VPN/],
      [
        'a proxy that refuses',
        '56 000 403',
        [],
        'failed',
        /refuses.*\n.*\n +Ask .* \*\.11\.azure\.databricksapps\.com/,
      ],
      ['a proxy that finds nothing', '56 000 503', [], 'not tested', /the proxy finds no workshop-/],
      ['a proxy that finds no app', '56 000 503', REAL, 'failed', /the proxy finds no mine-/],
      [
        'a proxy that wants a password',
        '56 000 407',
        [],
        'failed',
        /asks for a password.*\n +Type: export HTTPS_PROXY/,
      ],
      ['silence', '28 000 000', [], 'failed', /does not answer\n +Connect your VPN.*\n +Ask the network people/],
      ['TLS that cannot be', '35 000 000', [], 'failed', /TLS with \S+ cannot be agreed on\n +Type: curl -v https:/],
      ['what nobody foresaw', '92 000 000', [], 'failed', /curl ends with 000 000\n +Type: curl -v https:/],
      ['nobody who makes apps', '6 000 000', ['--no-apps'], 'not tested', /in this workshop nobody makes an app/],
    ] as const)('%s', async (_, answer, args, result, said) => {
      const laptop = fakeLaptop();
      laptop.install.instead('curl', CURL);
      const { stdout, evidence } = await laptop.check(AZURE, args, { env: { FAKE_APPS: answer } });
      expect(evidence.checks.apps).toBe(result);
      expect(stdout).toMatch(said);
    });

    it.each([
      ['https://1234567890.7.gcp.databricks.com', 'workshop-check-0.gcp.databricksapps.com'],
      ['https://dbc-a1b2c3d4-e5f6.cloud.databricks.com', 'workshop-check-0.aws.databricksapps.com'],
      [AZURE, ITS_APPS],
    ])('%s has them at %s, asked for through the proxy', async (workspace, host) => {
      const { url, asked } = await proxy(403);
      const { evidence } = await fakeLaptop().check(workspace, [], { env: { https_proxy: url } });
      expect(asked).toContain(`${host}:443`);
      expect(evidence.checks).toMatchObject({ reach: 'failed', apps: 'failed' });
    });

    it('of a workspace whose address says nothing about its apps: what to do', async () => {
      const { stdout, evidence } = await fakeLaptop().check('https://no-such-host.invalid');
      expect(stdout).toMatch(/not tested +apps +where the apps of no-such-host\.invalid are .*\n +With the address/);
      expect(evidence.checks.apps).toBe('not tested');
    });

    it('TLS opened on the way to apps alone: by whom; the code keeps the issuer of the workspace', async () => {
      const [workspace, apps] = await Promise.all([
        interceptor('http://127.0.0.1:1', '/C=US/O=DigiCert Inc/CN=DigiCert Global G2'),
        interceptor('http://127.0.0.1:1', '/O=Zscaler Inc./CN=Zscaler Root CA'),
      ]);
      const { stdout, evidence } = await fakeLaptop().check(workspace.url, ['--app', apps.url]);
      expect(stdout).toMatch(/FAILED +apps +your company opens TLS, .* does not trust: .*Zscaler/);
      expect(evidence).toMatchObject({ issuer: 'a public authority', checks: { apps: 'failed' } });
    });

    it('a page of the company in the place of an app is none, where TLS is opened', async () => {
      const { url } = await interceptor('http://127.0.0.1:1', '/O=Zscaler Inc./CN=Zscaler Root CA');
      const laptop = fakeLaptop();
      laptop.install.instead('curl', `${CURL.replace('exit 6', '')}exec ${where('curl') ?? 'curl'} "$@"\n`);
      const check = async (...args: string[]) =>
        (await laptop.check(url, args, { env: { FAKE_APPS: '0 403 200' } })).evidence.checks.apps;
      expect(await check('--app', ITS_APPS)).toBe('failed');
    });

    it('what is no address of an app is refused', async () => {
      for (const app of ['-k', 'a b', '$(touch x)', 'ftp://x'])
        expect(await fakeLaptop().check(AZURE, ['--app', app])).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('is not the address of an app') as string,
        });
    });
  },
);
