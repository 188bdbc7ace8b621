import { expect, test } from 'vitest';
import { proxyFor } from '../../../src/domain/plan/proxy-for.ts';

const HOST = 'https://adb-1.2.azuredatabricks.net';
const PROXY = 'http://proxy.example.com:8080';

test.each<[string, string, Record<string, string>, string | undefined]>([
  ['no proxy', HOST, {}, undefined],
  ['HTTPS_PROXY', HOST, { HTTPS_PROXY: PROXY }, 'proxy.example.com:8080'],
  ['in lower case', HOST, { https_proxy: PROXY }, 'proxy.example.com:8080'],
  ['without a scheme', HOST, { HTTPS_PROXY: 'proxy.example.com:8080' }, 'proxy.example.com:8080'],
  ['HTTP_PROXY is not for https', HOST, { HTTP_PROXY: PROXY }, undefined],
  ['HTTP_PROXY', 'http://workspace.test:80', { HTTP_PROXY: PROXY }, 'proxy.example.com:8080'],
  ['this computer', 'http://127.0.0.1:7474', { HTTP_PROXY: PROXY }, undefined],
  ['this computer by name', 'http://localhost:7474', { HTTP_PROXY: PROXY }, undefined],
  ['NO_PROXY by name', HOST, { HTTPS_PROXY: PROXY, NO_PROXY: 'other, adb-1.2.azuredatabricks.net' }, undefined],
  ['NO_PROXY by domain', HOST, { HTTPS_PROXY: PROXY, no_proxy: 'azuredatabricks.net' }, undefined],
  ['NO_PROXY by domain with a period', HOST, { HTTPS_PROXY: PROXY, NO_PROXY: '.azuredatabricks.net' }, undefined],
  ['NO_PROXY by domain with a star', HOST, { HTTPS_PROXY: PROXY, NO_PROXY: '*.azuredatabricks.net' }, undefined],
  ['a domain that only ends alike', HOST, { HTTPS_PROXY: PROXY, NO_PROXY: 'databricks.net' }, 'proxy.example.com:8080'],
  ['NO_PROXY for everything', HOST, { HTTPS_PROXY: PROXY, NO_PROXY: '*' }, undefined],
  ['NO_PROXY with this port', HOST, { HTTPS_PROXY: PROXY, NO_PROXY: 'azuredatabricks.net:443' }, undefined],
  [
    'NO_PROXY with another port',
    HOST,
    { HTTPS_PROXY: PROXY, NO_PROXY: 'azuredatabricks.net:8443' },
    'proxy.example.com:8080',
  ],
  ['NO_PROXY by range', 'http://10.1.2.3', { HTTP_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['another range', 'http://11.1.2.3', { HTTP_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, 'proxy.example.com:8080'],
])('%s', (_, address, env, proxy) => {
  expect(proxyFor(address, env)?.host).toBe(proxy);
});
