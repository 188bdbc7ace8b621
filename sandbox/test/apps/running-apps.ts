import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { openNodes } from '../../src/nodes/open-nodes.ts';
import { startSandbox } from '../../src/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox.ts';
import { ANN, BEN, clientOf } from '../harness.ts';
import type { Client } from '../harness.ts';
import { APPS, createApp, getApp } from './app-requests.ts';

/** Machines start one after another on a computer that has other work. */
export const SLOW = { timeout: 110_000, interval: 50 };

/** Answers with what it knows, as JSON; ends when asked for /end. */
export const ECHO = `import http.server, json, os, sys
class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/end":
            print("out of cheese", file=sys.stderr, flush=True)
            os._exit(3)
        about = {"headers": {name.lower(): value for name, value in self.headers.items()}, "path": self.path,
            "env": dict(os.environ), "argv": sys.argv[1:]}
        body = json.dumps(about).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        print("asked for", self.path, flush=True)
print("hello from", os.environ["DATABRICKS_APP_NAME"], flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ["DATABRICKS_APP_PORT"])), Echo).serve_forever()
`;

/** How many processes of this computer have a word in their command line. */
export const processesWith = (word: string): number =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  }).length;

/** A sandbox a thousand times as fast, in which the code of apps runs. */
export async function openWithApps(options: SandboxOptions = {}) {
  const { nodes } = await openNodes('real');
  const sandbox = await startSandbox({ people: [ANN, BEN], speed: 1_000, nodes, ...options });
  onTestFinished(() => sandbox.close());
  const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
  return {
    sandbox,
    admin: clientOf(sandbox, sandbox.adminToken),
    ann,
    /** An app of Ann's with this code in it; answers it once its deployment has ended. */
    deployed: async (name: string, files: Readonly<Record<string, string>>) => {
      await createApp(ann, name);
      return deploy(ann, name, files);
    },
  };
}

/** Puts code into an app of Ann's that is there, and answers the app once the deployment has ended. */
export async function deploy(ann: Client, name: string, files: Readonly<Record<string, string>>) {
  const folder = `/Workspace/Users/${ANN}/${name}`;
  await ann('POST', '/api/2.0/workspace/mkdirs', { path: folder });
  for (const [path, text] of Object.entries(files)) {
    const answer = await ann('POST', `/api/2.0/workspace-files/import-file${folder}/${path}?overwrite=true`, text);
    expect(answer.status, answer.text).toBe(200);
  }
  const state = async () => (await getApp(ann, name)).compute_status.state as string;
  await expect.poll(state, SLOW).toBe('ACTIVE');
  const begun = await ann('POST', `${APPS}/${name}/deployments`, { source_code_path: folder });
  expect(begun.status, begun.text).toBe(200);
  const path = `${APPS}/${name}/deployments/${begun.json.deployment_id}`;
  const ended = async () => (await ann('GET', path)).json.status.state as string;
  await expect.poll(ended, SLOW).not.toBe('IN_PROGRESS');
  return { app: await getApp(ann, name), deployment: (await ann('GET', path)).json };
}

/** An OAuth token of somebody's, as `databricks auth login` gets one. */
export async function signedIn(sandbox: Sandbox, userName: string): Promise<string> {
  const verifier = 'a-verifier-that-only-the-client-knows-0123456789';
  const about = { client_id: 'databricks-cli', redirect_uri: 'http://localhost:8020' };
  const back = await fetch(`${sandbox.url}/oidc/v1/authorize`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      ...about,
      response_type: 'code',
      state: 'x',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      token: sandbox.tokenFor(userName),
    }),
  });
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await fetch(`${sandbox.url}/oidc/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...about, grant_type: 'authorization_code', code, code_verifier: verifier }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Asks at an app's address without following where it sends one. */
export const visit = (url: string, token?: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    redirect: 'manual',
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
