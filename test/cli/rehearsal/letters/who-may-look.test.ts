import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { PostOffice } from '../../../../src/cli/rehearsal/letters/post-office.ts';
import { ask, postOffice, sendMails } from './read-pages.ts';

const MAIL = { to: 'ann@example.com', subject: 'Hello', text: 'Only for Ann.' };

it.each([
  ['127.0.0.1', 200],
  ['localhost:8080', 200],
  ['[::1]:8080', 200],
  ['letters.example.com', 403],
  ['127.0.0.1.example.com', 403],
  ['localhost.example.com:80', 403],
  ['example.com@127.0.0.1', 403],
])('a browser that means %s: %i', async (host, status) => {
  const office = await postOffice();
  await sendMails(office, MAIL);
  const page = await ask(office, '/letters/1', { host });
  expect(page.status).toBe(status);
  expect(page.body.includes('Only for Ann.')).toBe(status === 200);
});

it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])('%s: nothing can be done but read', async (method) => {
  const { status, headers } = await ask(await postOffice(), '/', { method });
  expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'GET' });
});

it.each([
  '/letters',
  '/letters/0',
  '/letters/01',
  '/letters/2',
  '/letters/-1',
  '/letters/1e0',
  '/letters/1/',
  '/letters/1/text',
  '/letters/1/attachments/0',
  '/letters/../package.json',
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/letters/constructor',
  '//example.com/',
])('%s is nowhere', async (path) => {
  const office = await postOffice();
  await sendMails(office, MAIL);
  const { status, body } = await ask(office, path);
  expect(status).toBe(404);
  expect(body).toContain('There is no such letter');
});

describe('the pages', () => {
  it('are at this computer only', async () => {
    const office = await postOffice();
    const { hostname, port } = new URL(office.url);
    expect(hostname).toBe('127.0.0.1');
    const outward = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of outward)
      await expect(once(connect(Number(port), address), 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('go with the post office, even while somebody looks', async () => {
    const office = await PostOffice.open();
    const { port } = new URL(office.url);
    const looking = connect(Number(port), '127.0.0.1');
    const gone = once(looking, 'close');
    await once(looking, 'connect');
    await ask(office, '/');
    await office.close();
    await gone;
    await expect(ask(office, '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('keep no program up when they are closed', async () => {
    const subject = new URL('../../../../src/cli/rehearsal/letters/post-office.ts', import.meta.url).href;
    const code = `
      import { PostOffice } from '${subject}';
      const office = await PostOffice.open();
      await (await fetch(office.url)).text();
      await office.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
