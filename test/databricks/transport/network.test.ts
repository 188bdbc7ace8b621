import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect as dial, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect, failureOf, json, serve } from '../stub.ts';

const CLUSTER = { cluster_id: '1', state: 'RUNNING' };
const hasOpenssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

/** A proxy that sends whatever host it is asked for to one port here. */
async function proxyTo(port: number, refuse = false) {
  const asked: string[] = [];
  const server = createHttpServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    response.writeHead(502).end();
  });
  const open = new Set<Duplex>();
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    asked.push(`CONNECT ${incoming.url}`);
    open.add(socket);
    socket.on('error', () => {});
    if (refuse) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const upstream = dial(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    return open.add(upstream);
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('named by %s is used', async (name) => {
    const proxy = await proxyTo(1, true);
    const workspace = connect({ host: 'https://workspace.example.invalid', env: { [name]: proxy.url } });
    expect(await failureOf(workspace.clusters.get('1'))).toMatchObject({ code: 'PROXY_REFUSED' });
    expect(proxy.asked).toEqual(['CONNECT workspace.example.invalid:443']);
  });

  it('is not used for what NO_PROXY names, nor for this machine', async () => {
    const stub = await serve((_request, response) => json(response, CLUSTER));
    const proxy = await proxyTo(stub.port);
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: '.example.invalid' };
    await connect({ host: stub.url, env }).clusters.get('1');
    const direct = connect({ host: 'https://workspace.example.invalid', env });
    expect(await failureOf(direct.clusters.get('1'))).toMatchObject({ name: 'UnreachableError', sent: false });
    expect(proxy.asked).toEqual([]);
  });

  it('of the process itself is not used when the environment given is empty', async () => {
    const stub = await serve((_request, response) => json(response, CLUSTER));
    const proxy = await proxyTo(stub.port);
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, proxy.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(
      await failureOf(connect({ host: 'https://workspace.example.invalid', env: {} }).clusters.get('1')),
    ).toMatchObject({ name: 'UnreachableError' });
    expect(proxy.asked).toEqual([]);
  });

  it('may be named without http://, but must be an address', async () => {
    const proxy = await proxyTo(1, true);
    const workspace = connect({
      host: 'https://workspace.example.invalid',
      env: { HTTPS_PROXY: new URL(proxy.url).host },
    });
    expect(await failureOf(workspace.clusters.get('1'))).toMatchObject({ code: 'PROXY_REFUSED' });
    expect(proxy.asked).toHaveLength(1);
    expect(() => connect({ host: 'https://x', env: { HTTPS_PROXY: 'socks5://proxy:1080' } })).toThrow(/HTTPS_PROXY/);
  });

  it('that refuses is told apart from a workspace that does', async () => {
    const proxy = await proxyTo(1, true);
    const workspace = connect({ host: 'https://workspace.example.invalid', env: { HTTPS_PROXY: proxy.url } });
    expect(await failureOf(workspace.clusters.get('1'))).toMatchObject({
      name: 'UnreachableError',
      code: 'PROXY_REFUSED',
      sent: false,
    });
  });
});

describe.skipIf(!hasOpenssl)('a certificate', () => {
  let folder: string, key: string, cert: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        keyFile,
        '-out',
        certFile,
        '-days',
        '2',
        '-subj',
        '/CN=workspace.example.invalid',
        '-addext',
        'subjectAltName=DNS:workspace.example.invalid,IP:127.0.0.1',
      ],
      { stdio: 'ignore' },
    );
    [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const secure = () =>
    serve(
      (_request, response) => json(response, CLUSTER),
      (handler) => createServer({ key, cert }, handler),
    );

  it('that nobody vouches for is refused before anything is sent, even if the process verifies nothing', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const stub = await secure();
    const error = await failureOf(connect({ host: `https://127.0.0.1:${stub.port}` }).clusters.get('1'));
    expect(error).toMatchObject({ name: 'UnreachableError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', sent: false });
    expect(stub.received).toHaveLength(0);
  });

  it('of an authority that was given is accepted, directly and through a proxy', async () => {
    const stub = await secure();
    expect((await connect({ host: `https://127.0.0.1:${stub.port}`, ca: cert }).clusters.get('1')).cluster_id).toBe(
      '1',
    );
    const proxy = await proxyTo(stub.port);
    const through = connect({ host: 'https://workspace.example.invalid', env: { HTTPS_PROXY: proxy.url }, ca: cert });
    expect((await through.clusters.get('1')).cluster_id).toBe('1');
    expect(proxy.asked).toEqual(['CONNECT workspace.example.invalid:443']);
  });

  it('is checked behind a proxy too', async () => {
    const stub = await secure();
    const proxy = await proxyTo(stub.port);
    const through = connect({ host: 'https://workspace.example.invalid', env: { HTTPS_PROXY: proxy.url } });
    expect(await failureOf(through.clusters.get('1'))).toMatchObject({ name: 'UnreachableError', sent: false });
    expect(stub.received).toHaveLength(0);
  });
});
