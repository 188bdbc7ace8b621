import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originOf, settle } from '../../../src/databricks/sign-in/settings.ts';
import { ConnectError } from '../../../src/databricks/workspace.ts';

const HOST = 'https://adb-123.4.azuredatabricks.net';
const OTHER = 'https://adb-567.8.azuredatabricks.net';

describe('the settings of a connection', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'home-'));
    writeFileSync(
      join(home, '.databrickscfg'),
      `; a comment\n[DEFAULT]\nhost = ${HOST}/\ntoken = of-default\n\n` +
        '[event]\nhost  = adb-567.8.azuredatabricks.net\r\ntoken=of-event\n[empty]\n',
    );
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('are a given host and token and nothing else, whatever is around', () => {
    const env = {
      HOME: home,
      DATABRICKS_HOST: OTHER,
      DATABRICKS_TOKEN: 'ambient',
      DATABRICKS_CLIENT_ID: 'x',
      ARM_CLIENT_ID: 'y',
      DATABRICKS_CONFIG_PROFILE: 'event',
    };
    expect(settle({ host: HOST, token: 'given', env })).toEqual({
      host: HOST,
      config: { host: HOST, token: 'given', authType: 'pat', env: {}, loaders: [] },
    });
  });

  it('come from a profile, with the environment left out', () => {
    const env = { HOME: home, DATABRICKS_HOST: HOST, DATABRICKS_TOKEN: 'ambient' };
    expect(settle({ profile: 'event', env })).toEqual({
      host: OTHER,
      config: { host: OTHER, profile: 'event', configFile: join(home, '.databrickscfg'), env: {} },
    });
  });

  it('come from the environment, and from the profile it names', () => {
    expect(settle({ env: { HOME: home, DATABRICKS_HOST: OTHER, DATABRICKS_TOKEN: 't' } })).toMatchObject({
      host: OTHER,
      config: { host: OTHER, env: { DATABRICKS_TOKEN: 't' } },
    });
    expect(settle({ env: { HOME: home, DATABRICKS_CONFIG_PROFILE: 'event' } })).toMatchObject({
      host: OTHER,
      config: { profile: 'event' },
    });
    expect(settle({ env: { HOME: home } })).toMatchObject({ host: HOST, config: { profile: 'DEFAULT' } });
  });

  it('take the DEFAULT profile only for its own workspace, and not beside other credentials', () => {
    expect(settle({ host: HOST, env: { HOME: home } }).config.profile).toBe('DEFAULT');
    expect(settle({ host: OTHER, env: { HOME: home } }).config.profile).toBeUndefined();
    expect(settle({ host: HOST, env: { HOME: home, DATABRICKS_TOKEN: 't' } }).config.profile).toBeUndefined();
  });

  it.each([
    ['a profile', { profile: 'event', host: HOST, env: {} as Record<string, string> }],
    ['DATABRICKS_HOST', { host: HOST, env: { DATABRICKS_HOST: OTHER, DATABRICKS_TOKEN: 't' } }],
    ['the profile that the environment names', { host: HOST, env: { DATABRICKS_CONFIG_PROFILE: 'event' } }],
    ['a profile beside DATABRICKS_HOST', { env: { DATABRICKS_HOST: HOST, DATABRICKS_CONFIG_PROFILE: 'event' } }],
  ])('refuse to send the credentials of %s to another workspace', (_source, given) => {
    expect(() => settle({ ...given, env: { ...given.env, HOME: home } })).toThrow(/is to be .*but .* is for/);
  });

  it.each([
    ['nothing at all', { env: {} }, /no credentials/],
    ['a host alone, with nothing ambient', { host: HOST, env: { DATABRICKS_TOKEN: undefined } }, /no credentials/],
    ['a token alone', { token: 't', env: {} }, /without the workspace/],
    ['an empty token', { host: HOST, token: '', env: {} }, /token is empty/],
    ['a token with a line break', { host: HOST, token: 'abc\n', env: {} }, /token is empty or holds/],
    ['an address that is none', { host: 'https://', token: 't', env: {} }, /is not a workspace address/],
    ['credentials in the clear', { host: 'http://adb-1.2.azuredatabricks.net', token: 't', env: {} }, /unencrypted/],
    ['the same by any other name', { host: 'http://workspace', token: 't', env: {} }, /unencrypted.*https:\/\//],
    ['or by one that begins like ours', { host: 'http://127.0.0.1.example.com', token: 't', env: {} }, /unencrypted/],
  ])('cannot be %s', (_what, given, message) => {
    expect(() => settle(given)).toThrow(ConnectError);
    expect(() => settle(given)).toThrow(message);
  });

  it('cannot be a profile that is not there, or has no host', () => {
    expect(() => settle({ profile: 'nobody', env: { HOME: home } })).toThrow(/databricks auth login --profile nobody/);
    expect(() => settle({ profile: 'empty', env: { HOME: home } })).toThrow(/names no host/);
    expect(() => settle({ env: { HOME: join(home, 'elsewhere'), DATABRICKS_TOKEN: 't' } })).toThrow(
      /No workspace address/,
    );
  });

  it('make an address of what people paste', () => {
    expect(originOf(' adb-1.2.azuredatabricks.net/?o=1#x ')).toBe('https://adb-1.2.azuredatabricks.net');
    expect(originOf('https://user:word@adb-1.2.azuredatabricks.net/login.html')).toBe(
      'https://adb-1.2.azuredatabricks.net',
    );
    for (const here of ['http://127.0.0.1:8080', 'http://127.1.2.3', 'http://localhost:7474', 'http://[::1]:7474'])
      expect(originOf(`${here}/`)).toBe(here);
    expect(() => originOf('ftp://x')).toThrow(ConnectError);
  });
});
