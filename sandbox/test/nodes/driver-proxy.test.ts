import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox.ts';
import { ANN, BEN, clientOf, getCluster } from '../harness.ts';
import type { Client } from '../harness.ts';
import { annsCluster, describeOnRealNodes, openWithNodes } from './on-real-nodes.ts';

/** Answers HTTP with what it was asked, and echoes whatever follows an upgrade. */
const SERVER = `
import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        head = b''
        while not head.endswith(b'\\r\\n\\r\\n'):
            head += self.rfile.read(1)
        if b'upgrade' in head.lower():
            switched = b'HTTP/1.1 101 Switching Protocols\\r\\nupgrade: echo\\r\\n'
            self.wfile.write(switched + b'connection: upgrade\\r\\n\\r\\n')
            while data := self.rfile.read(1):
                self.wfile.write(data)
        if b'/other-protocol' in head:
            self.wfile.write(b'HTTP/1.1 101 Switching Protocols\\r\\nupgrade: x\\r\\nconnection: upgrade\\r\\n\\r\\n')
            return
        body = head if b'/headers' in head else head.split(b'\\r\\n')[0]
        head = b'HTTP/1.1 201 Made\\r\\nx-from: node\\r\\ncontent-length: %d\\r\\n\\r\\n' % len(body)
        self.wfile.write(head + body)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(('127.0.0.1', 7772), Handler).serve_forever()
`;

const pathTo = (sandbox: Sandbox, cluster: string, rest: string): string =>
  `/driver-proxy-api/o/${sandbox.workspaceId}/${cluster}/${rest}`;

/** A cluster of Ann's on whose node something listens at port 7772. */
async function serving(ann: Client, admin: Client, sandbox: Sandbox): Promise<string> {
  const id = await annsCluster(admin);
  await admin('PUT', '/api/2.0/fs/files/Volumes/main/default/v/server.py', SERVER);
  await ann('POST', '/api/2.1/jobs/runs/submit', {
    tasks: [
      {
        task_key: 'serve',
        existing_cluster_id: id,
        spark_python_task: { python_file: '/Volumes/main/default/v/server.py' },
      },
    ],
  });
  await expect
    .poll(async () => (await ann('GET', pathTo(sandbox, id, '7772/up'))).status, { timeout: 20_000 })
    .toBe(201);
  return id;
}

describeOnRealNodes('the driver proxy', () => {
  test('hands requests on to a port of the node, path and query as they came', async () => {
    const { admin, as, sandbox } = await openWithNodes('auto');
    const ann = as(ANN);
    const id = await serving(ann, admin, sandbox);
    const answer = await ann('POST', pathTo(sandbox, id, '7772/a%2Fb//c?d=%20e'), 'body');
    expect(answer).toMatchObject({ status: 201, text: 'POST /a%2Fb//c?d=%20e HTTP/1.1' });
    expect(answer.headers.get('x-from')).toBe('node');
    const headers = await ann('GET', pathTo(sandbox, id, '7772/headers'), undefined, { 'x-mine': 'yes' });
    expect(headers.text).toMatch(/x-mine: yes/i);
    expect(headers.text).not.toMatch(/authorization|dapi/i);
    expect((await ann('GET', pathTo(sandbox, id, '7772/other-protocol'))).status).toBe(502);
    const silent = await ann('GET', pathTo(sandbox, id, '7773/'));
    expect(silent.status).toBe(502);
    expect(silent.json.message).toContain(`Nothing answers on port 7773 of the driver of cluster ${id}`);
  });

  test('is for the one user of the cluster, also against an admin; a stopped cluster answers first', async () => {
    const { admin, as, sandbox } = await openWithNodes('auto');
    const id = await serving(as(ANN), admin, sandbox);
    for (const [client, name] of [
      [admin, 'workshop-admin@example.com'],
      [as(BEN), BEN],
    ] as const) {
      const refused = await client('GET', pathTo(sandbox, id, '7772/'));
      expect(refused).toMatchObject({
        status: 403,
        json: {
          error_code: 'PERMISSION_DENIED',
          message:
            `Single-user check failed: user '${name}' attempted to run a command on single-user ` +
            `cluster ${id}, but the single user of this cluster is '${ANN}'`,
        },
      });
    }
    expect((await clientOf(sandbox, undefined)('GET', pathTo(sandbox, id, '7772/'))).status).toBe(401);
    expect((await as(ANN)('GET', `/driver-proxy-api/o/1/${id}/7772/`)).status).toBe(400);
    expect((await as(ANN)('GET', pathTo(sandbox, 'none', '7772/'))).json.message).toBe('Cluster none does not exist');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    await expect.poll(async () => (await getCluster(admin, id)).state as string).toBe('TERMINATED');
    expect(await admin('GET', pathTo(sandbox, id, '7772/'))).toMatchObject({
      status: 400,
      json: { error_code: 'INVALID_STATE', message: `Cluster ${id} is in Terminated state` },
    });
  });

  test('a connection that becomes something else carries every byte, until the cluster stops', async () => {
    const { admin, as, sandbox } = await openWithNodes('auto');
    const id = await serving(as(ANN), admin, sandbox);
    const upgrade = (token: string): Promise<string> => {
      const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
      socket.write(
        `GET ${pathTo(sandbox, id, '7772/ssh?id=1')} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ` +
          `${token}\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n`,
      );
      let received = '';
      let isGreeted = false;
      socket.on('data', (data) => {
        received += data.toString();
        if (!isGreeted && received.includes('101 Switching')) socket.write('ping');
        isGreeted ||= received.includes('101 Switching');
        if (received.endsWith('ping')) void admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
      });
      return once(socket, 'close').then(() => received);
    };
    expect(await upgrade(sandbox.tokenFor(BEN))).toMatch(/^HTTP\/1\.1 403 [\s\S]*Single-user check failed/);
    expect(await upgrade(sandbox.tokenFor(ANN))).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nping$/);
  });
});
