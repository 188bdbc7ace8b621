import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'undici';
import { ANN, BEN } from '../harness.ts';
import { describeOnRealNodes } from '../nodes/on-real-nodes.ts';
import { APPS } from './app-requests.ts';
import { ECHO, SLOW, openWithApps, signedIn, visit } from './running-apps.ts';

/** Sends every byte back, once the connection has become something else. */
const SHOUT = ECHO.replace(
  '    def do_GET(self):\n',
  `    def do_GET(self):
        if self.headers.get("upgrade") == "shouting":
            who = self.headers["x-forwarded-email"]
            self.connection.sendall(b"HTTP/1.1 101 Go On\\r\\nconnection: Upgrade\\r\\nupgrade: shouting\\r\\n\\r\\n")
            self.connection.sendall(f"hello {who}, ".encode() + self.connection.recv(1000).upper())
            self.close_connection = True
            return
`,
);

/** What is answered to a request to become something else. */
async function upgraded(url: string, token: string, to: string) {
  const asked = request(url, {
    headers: {
      authorization: `Bearer ${token}`,
      connection: 'Upgrade',
      upgrade: to,
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    },
  });
  asked.end();
  const answer = once(asked, 'response').then(([response]) => {
    (response as IncomingMessage).resume();
    return { status: (response as IncomingMessage).statusCode, headers: (response as IncomingMessage).headers };
  });
  const joined = once(asked, 'upgrade').then(([response, socket]) => ({
    status: (response as IncomingMessage).statusCode,
    socket: socket as import('node:net').Socket,
  }));
  answer.catch(() => {});
  joined.catch(() => {});
  return Promise.race([answer, joined]);
}

describeOnRealNodes('connections to a running app', () => {
  test('its log is streamed, what there is and what comes, to who manages it and has signed in', async () => {
    const { sandbox, deployed, ann } = await openWithApps();
    const { app } = await deployed('ann-dash', { 'app.py': ECHO });
    const token = await signedIn(sandbox, ANN);
    const stream = `${app.url}/logz/stream`;
    const listen = async (search: string) => {
      const heard: { source: string; timestamp: number; message: string }[] = [];
      const socket = new WebSocket(stream.replace('http', 'ws'), { headers: { authorization: `Bearer ${token}` } });
      onTestFinished(() => socket.close());
      socket.addEventListener('message', ({ data }) => void (data === '\0' || heard.push(JSON.parse(String(data)))));
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      socket.send(search);
      return { heard, socket };
    };
    const { heard, socket } = await listen('');
    const said = () => heard.map(({ source, message }) => `${source}: ${message}`);
    await expect
      .poll(said, SLOW)
      .toEqual([
        'SYSTEM: The compute of the app starts.',
        expect.stringMatching(/^SYSTEM: Deployment \w+ of \/Workspace\/Users\/ann@example\.com\/ann-dash begins\.$/),
        'APP: hello from ann-dash',
        expect.stringMatching(/^SYSTEM: Deployment \w+ runs\.$/),
      ]);
    await visit(`${app.url}/something`, token);
    await expect.poll(said, SLOW).toContain('APP: asked for /something');
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    socket.close(1_000);
    expect(await closed).toMatchObject({ code: 1_000, wasClean: true });
    const found = await listen('asked for');
    await expect.poll(() => found.heard.map(({ message }) => message), SLOW).toEqual(['asked for /something']);

    const sent = await upgraded(stream, sandbox.tokenFor(ANN), 'websocket');
    expect(sent).toMatchObject({ status: 302, headers: { location: expect.stringContaining('/oidc/v1/authorize') } });
    await ann('PATCH', `/api/2.0/permissions/apps/ann-dash`, {
      access_control_list: [{ user_name: BEN, permission_level: 'CAN_USE' }],
    });
    expect(await upgraded(stream, await signedIn(sandbox, BEN), 'websocket')).toMatchObject({ status: 403 });
    expect(await upgraded(stream, token, 'nonsense')).toMatchObject({ status: 400 });
    expect((await visit(stream, token)).status).toBe(400);
    const gone = new Promise((resolve) => found.socket.addEventListener('close', resolve));
    await ann('POST', `${APPS}/ann-dash/stop`, {});
    expect(await gone).toMatchObject({ code: 1_001 });
  });

  test('one that becomes something else reaches the app, as its visitor', async () => {
    const { sandbox, deployed } = await openWithApps();
    const { app } = await deployed('ann-dash', { 'app.py': SHOUT });
    const joined = await upgraded(app.url, await signedIn(sandbox, ANN), 'shouting');
    if (!('socket' in joined)) throw new Error(`answered ${joined.status}`);
    let heard = '';
    joined.socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    const closed = once(joined.socket, 'close');
    joined.socket.write('is anybody there');
    await closed;
    expect(heard).toBe(`hello ${ANN}, IS ANYBODY THERE`);
    expect(await upgraded(app.url, sandbox.tokenFor(ANN), 'shouting')).toMatchObject({ status: 302 });
  });
});
