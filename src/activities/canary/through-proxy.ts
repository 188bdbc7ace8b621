import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Tried } from '../../domain/replayed/canary/hops.ts';
import { proxyFor } from '../../domain/plan/proxy-for.ts';

/** Which proxy is between the worker and the workspace, and that it lets us through to it. */
export async function throughProxy(
  host: string,
  env: NodeJS.ProcessEnv,
  limitMs: number,
  signal: AbortSignal,
): Promise<Tried> {
  const proxy = proxyFor(host, env);
  if (!proxy) return { state: 'passed', said: 'none: the workspace is reached directly' };
  const workspace = new URL(host).host;
  const hint = `Have ${proxy.host} let the worker through to ${workspace}, or name that in NO_PROXY on the worker.`;
  try {
    const status = await ask(proxy, new URL(host), limitMs, signal);
    if (status === 407)
      return {
        state: 'failed',
        said: `${proxy.host} wants to know who asks (407)`,
        hint: 'Give HTTPS_PROXY on the worker a name and a password, like http://name:password@proxy.example.com:8080.',
      };
    // Asked for a connection, a proxy answers 2xx; handed on, a plain request gets the workspace's own answer.
    const isThrough = host.startsWith('https:')
      ? status >= 200 && status < 300
      : ![403, 502, 503, 504].includes(status);
    return isThrough
      ? { state: 'passed', said: `${proxy.host} lets us through` }
      : { state: 'failed', said: `${proxy.host} does not let us through (HTTP ${status})`, hint };
  } catch (error) {
    return {
      state: 'failed',
      said: `${proxy.host} does not answer: ${(error as Error).message}`.slice(0, 300),
      hint: 'Look at HTTPS_PROXY on the worker, and whether that proxy runs.',
    };
  }
}

/** The status with which a proxy answers. */
function ask(proxy: URL, target: URL, limitMs: number, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const connects = target.protocol === 'https:';
    const name = decodeURIComponent(proxy.username);
    const credentials = Buffer.from(`${name}:${decodeURIComponent(proxy.password)}`).toString('base64');
    const asked = (proxy.protocol === 'https:' ? requestTls : request)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: connects ? 'CONNECT' : 'HEAD',
      path: connects ? `${target.hostname}:${port}` : `${target.origin}/.well-known/databricks-config`,
      headers: {
        host: connects ? `${target.hostname}:${port}` : target.host,
        ...(name === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      agent: false,
    });
    asked.once('connect', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    asked.once('response', ({ statusCode = 0 }) => {
      asked.destroy();
      resolve(statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}
