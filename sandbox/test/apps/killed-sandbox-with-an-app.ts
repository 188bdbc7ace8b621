import { setTimeout as wait } from 'node:timers/promises';
import { openNodes } from '../../src/nodes/open-nodes.ts';
import { startSandbox } from '../../src/sandbox.ts';
import { ANN, clientOf } from '../harness.ts';
import { APPS, getApp } from './app-requests.ts';

/** A sandbox in a process of its own, for the test that kills it: says RUNNING when the app in it does. */
const { nodes } = await openNodes('real');
const sandbox = await startSandbox({ people: [ANN], speed: 1_000, nodes });
const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
const folder = `/Workspace/Users/${ANN}/dash`;
const code =
  'import http.server\nhttp.server.HTTPServer(("", 8000), http.server.SimpleHTTPRequestHandler).serve_forever()\n';
await ann('POST', '/api/2.0/workspace/mkdirs', { path: folder });
await ann('POST', `/api/2.0/workspace-files/import-file${folder}/app.py`, code);
await ann('POST', APPS, { name: 'dash' });
const command = ['python', 'app.py', process.argv[2] ?? ''];
for (;;) {
  const deployed = await ann('POST', `${APPS}/dash/deployments`, { source_code_path: folder, command });
  if (deployed.status === 200) break;
  await wait(50);
}
let state = '';
while (state === '' || state === 'DEPLOYING') {
  await wait(50);
  state = (await getApp(ann, 'dash')).app_status.state as string;
}
process.stdout.write(`${state}\n`);
