import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox.ts';
import { ANN, clientOf, openSandbox } from '../harness.ts';

/** Sends bytes as they are and answers everything that comes back until the connection ends. */
async function sent(
  sandbox: Sandbox,
  ...pieces: (string | (() => Promise<unknown>))[]
): Promise<{ status: number; body: string }> {
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  socket.on('error', () => {});
  for (const piece of pieces) {
    if (typeof piece === 'string') socket.write(piece);
    else await piece();
  }
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), body };
}

const bearer = (sandbox: Sandbox): string => `authorization: Bearer ${sandbox.adminToken}\r\nconnection: close\r\n`;

test.each([
  ['no HTTP', 400, 'MALFORMED_REQUEST', '\0\u0001\r\n\r\n'],
  ['an unknown method', 400, 'MALFORMED_REQUEST', 'BREW /api/2.1/clusters/list HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['NUL in the path', 400, 'MALFORMED_REQUEST', 'GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n'],
  [
    'two lengths',
    400,
    'MALFORMED_REQUEST',
    'POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}',
  ],
  [
    'a length and chunks',
    400,
    'MALFORMED_REQUEST',
    'POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'chunks that are none',
    400,
    'MALFORMED_REQUEST',
    'POST /oidc/v1/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n',
  ],
  ['a flood of headers', 431, 'MALFORMED_REQUEST', `GET /x HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(4_000)}\r\n`],
  ['CONNECT', 404, 'ENDPOINT_NOT_FOUND', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['no host', 501, 'NOT_IMPLEMENTED', 'GET /x HTTP/1.1\r\nconnection: close\r\n\r\n'],
])('%s is refused with %i in the shape of Databricks', async (_, status, code, bytes) => {
  const { sandbox, admin } = await openSandbox();
  const answer = await sent(sandbox, bytes);
  expect([answer.status, JSON.parse(answer.body).error_code]).toEqual([status, code]);
  expect((await admin('GET', '/api/2.1/clusters/list')).status).toBe(200);
});

test('the offer of another protocol is passed over, and so is an expectation', async () => {
  const { sandbox } = await openSandbox();
  for (const header of [
    'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n',
    'upgrade: websocket\r\nconnection: upgrade\r\n',
    'expect: something\r\n',
  ]) {
    const { status, body } = await sent(
      sandbox,
      `GET /api/2.0/token/list HTTP/1.1\r\nhost: x\r\n${header}${bearer(sandbox)}\r\n`,
    );
    expect(status, body).toBe(200);
  }
  const wrong = await sent(
    sandbox,
    `GET /driver-proxy-api/o/${sandbox.workspaceId}/%zz/7772/ssh HTTP/1.1\r\nhost: x\r\nupgrade: ` +
      `websocket\r\nconnection: upgrade\r\n${bearer(sandbox)}\r\n`,
  );
  expect([wrong.status, JSON.parse(wrong.body).error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
});

test("the sandbox's own routes answer nobody who does not name the host", async () => {
  const { sandbox } = await openSandbox();
  expect((await sent(sandbox, 'GET /__sandbox/users HTTP/1.1\r\nconnection: close\r\n\r\n')).status).toBe(403);
});

test.each(['/oidc/v1/token', '/oidc/v1/authorize'])(
  'nobody can keep the sandbox busy with a large form at %s',
  async (path) => {
    const { sandbox } = await openSandbox();
    const answer = await clientOf(sandbox, undefined)('POST', path, 'a=1&'.repeat(500_000), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([answer.status, answer.json.error_code]).toEqual([413, 'REQUEST_TOO_LARGE']);
  },
);

test('whoever is put out while their body comes in does nothing any more', async () => {
  const { sandbox, admin } = await openSandbox();
  const token = sandbox.tokenFor(ANN);
  const { id } = (await clientOf(sandbox, token)('GET', '/api/2.0/preview/scim/v2/Me')).json;
  const body = '{"comment":"late"}';
  const answer = await sent(
    sandbox,
    `POST /api/2.0/token/create HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: ` +
      `close\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 4)}`,
    () => pause(50),
    async () => expect((await admin('DELETE', `/api/2.0/preview/scim/v2/Users/${id}`)).status).toBe(204),
    body.slice(4),
  );
  expect(answer.status).toBe(401);
});
