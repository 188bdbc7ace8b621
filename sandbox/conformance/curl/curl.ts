import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../../../src/executable.ts';
import type { AbsentClient, Client } from '../client.ts';
import { readOutput, runShell } from '../shell.ts';

const HEAD = 'head-of-the-answer';

/**
 * curl: cases are shell scripts with `$AUTH` for the header that signs in. The outcome is status, headers and body,
 * all of the last answer.
 */
export function findCurl(env: NodeJS.ProcessEnv = process.env): Client | AbsentClient {
  const path = findOnPath('curl', env['PATH']);
  if (path === undefined) return { name: 'curl', absent: 'it is not on the PATH' };
  return {
    name: execFileSync(path, ['--version'], { encoding: 'utf8', env: { HOME: tmpdir() } })
      .split(' ')
      .slice(0, 2)
      .join(' '),
    usual: { exit: 0, stderr: '' },
    lacks: () => undefined,
    async run(order) {
      const { folder, env: given } = order;
      const head = join(folder, HEAD);
      rmSync(head, { force: true });
      writeFileSync(join(folder, '.curlrc'), `silent\nshow-error\ndump-header = "${head}"\nconnect-timeout = 10\n`);
      const env = {
        ...given,
        CURL_HOME: folder,
        ...(given['DATABRICKS_TOKEN'] === undefined
          ? {}
          : { AUTH: `Authorization: Bearer ${given['DATABRICKS_TOKEN']}` }),
      };
      const { exit, stdout, stderr } = await runShell({ ...order, env });
      return { exit, stderr, ...readHead(head), body: readOutput(stdout) };
    },
    close() {},
  };
}

/** Names in lower case; of several answers the last. */
function readHead(path: string): { status?: number; headers?: Record<string, string> } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const [line = '', ...fields] =
    text
      .trim()
      .split(/\r?\n\r?\n/)
      .at(-1)
      ?.split(/\r?\n/) ?? [];
  const headers = fields.map(
    (field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()] as const,
  );
  return { status: Number(line.split(' ')[1]), headers: Object.fromEntries(headers) };
}
