import { execFile } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../sandbox/index.ts';
import { REFUSABLE } from '../../../sandbox/src/serving/messages/strictness.ts';
import { scratchFolder } from '../../scratch.ts';
import { INIT_SCRIPTS } from '../workshop-node.ts';

const TOKEN = 'dapi-of-nobody-0123456789';

/** What check-claude says of the endpoint at this address. */
function endpointLine(url: string, token: string, model: string) {
  const home = scratchFolder();
  // The newest token of the machine is used, and tests beside this one have some: this is newer than any. In the
  // environment too, it would count as old as its process.
  const pasted = join(home, 'tokens', 'pasted');
  mkdirSync(join(home, 'tokens'));
  writeFileSync(pasted, `${token}\n`);
  utimesSync(pasted, new Date(), new Date('2100-01-01'));
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    DATABRICKS_HOST: url,
    WORKSHOP_TOKEN_FOLDER: join(home, 'tokens'),
    ANTHROPIC_MODEL: model,
    NO_PROXY: '127.0.0.1',
  };
  return new Promise<{ state: string; said: string; next: string }>((resolve) => {
    execFile(join(INIT_SCRIPTS, 'bin', 'check-claude'), ['--json'], { env }, (_, stdout) =>
      resolve(JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === 'endpoint')),
    );
  });
}

test.each(REFUSABLE)('an endpoint that refuses %s is told in its own words', async (refused) => {
  const sandbox = await startSandbox({ messagesRefuse: [refused] });
  onTestFinished(() => sandbox.close());
  const line = await endpointLine(sandbox.url, sandbox.adminToken, 'databricks-claude-opus-4-8');
  if (refused === 'count-tokens') expect(line).toMatchObject({ state: 'ok' });
  else {
    expect(line).toMatchObject({ state: 'failed', next: expect.stringContaining('another endpoint') });
    expect(line.said).toMatch(/^HTTP 400: databricks-claude-opus-4-8 refuses what .* It says: Bad request: .+/);
  }
});

test.each([
  [200, '<html><head><title>Sign in to Corp</title></head><body>…</body></html>', 'Sign in to Corp', 'log-in page'],
  [200, '{"type": "message", "role": "assistant", "content": []}', 'answers', ''],
  [403, '{"message": "Source IP address: 1.2.3.4 is blocked by Databricks IP ACL"}', 'IP ACL', 'IP access list'],
  [403, '<h1>Blocked by firewall policy</h1>', 'Blocked by firewall', 'firewall'],
  [403, `{"message": "no right for ${TOKEN}"}`, 'no right for ***', 'CAN_QUERY'],
  [403, '{"message": "dapi0123456789abcdef is not it"}', 'says: *** is not it', 'CAN_QUERY'],
  [400, '{"error_code": "X", "message": "Invalid Token"}', 'Invalid Token', 'claude-refresh-token'],
  [500, `{"message": "${'long '.repeat(200)}"}`, '...', 'facilitator'],
])('%d with %s', async (status, body, words, next) => {
  const server = createServer((request, response) =>
    request.url?.includes('/messages')
      ? response.writeHead(status).end(body)
      : response.end('{"userName": "ann@example.com"}'),
  );
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  const line = await endpointLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, TOKEN, 'our-claude');
  expect(line.state).toBe(next === '' ? 'ok' : 'failed');
  expect(line.said).toContain(words);
  expect(line.next).toContain(next);
  expect(line.said.length).toBeLessThan(500);
  expect(JSON.stringify(line)).not.toContain(TOKEN);
});
