import { expect, it, onTestFinished } from 'vitest';
import { openHealthServer } from '../../src/metrics/health-server.ts';

async function opened(notReady: () => string | undefined = () => undefined) {
  const health = { notReady, metrics: async () => 'workshop_running 1\n' };
  const server = await openHealthServer(health, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return server.url;
}

it('lives while it is not ready, and says why it is not', async () => {
  let why: string | undefined = 'the workspace has not answered yet';
  const url = await opened(() => why);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.text()]).toEqual([503, 'the workspace has not answered yet\n']);
  why = undefined;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

it('answers metrics in the format that Prometheus reads, and nothing else', async () => {
  const url = await opened();
  const answer = await fetch(`${url}/metrics?x=1`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await answer.text()).toBe('workshop_running 1\n');
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  expect(await (await fetch(`${url}/metrics`, { method: 'HEAD' })).text()).toBe('');
});

it('says what to do where another program listens', async () => {
  const { port } = new URL(await opened());
  const health = { notReady: () => undefined, metrics: async () => '' };
  await expect(openHealthServer(health, { host: '127.0.0.1', port: Number(port) })).rejects.toThrow(
    `Health and metrics cannot be served at 127.0.0.1, port ${port} (EADDRINUSE). ` +
      'Choose another --metrics-port or --metrics-host.',
  );
});
