import { NoAnswer } from '../../client.ts';
import { WrongInput } from '../input/exit.ts';
import { isLoopback } from './loopback.ts';

/** A sandbox that runs already, in another process on this computer. */
export interface RunningSandbox {
  readonly url: string;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/**
 * The one at this port, or else the one that DATABRICKS_HOST names.
 * @throws {WrongInput} when neither says where it is, or DATABRICKS_HOST is no address of this computer.
 */
export function runningSandbox(port: number | undefined, host: string | undefined): RunningSandbox {
  const url = port ? `http://127.0.0.1:${port}` : hostOf(host);
  return { url, get: (path) => ask(url, path), post: (path, body) => ask(url, path, body) };
}

function hostOf(host: string | undefined): string {
  if (host === undefined || host === '')
    throw new WrongInput(
      'Say which sandbox is meant: with --port, or with DATABRICKS_HOST as the sandbox printed it when it was started.',
    );
  const url = URL.canParse(host) ? new URL(host) : undefined;
  // A token must never go to a real workspace's log because somebody's environment still names it.
  if (url?.protocol !== 'http:' || !isLoopback(url.hostname))
    throw new WrongInput('DATABRICKS_HOST names no sandbox on this computer. Say which one is meant with --port.');
  return url.origin;
}

async function ask(url: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${url}/__sandbox/${path}`, {
      redirect: 'error',
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  } catch {
    throw new NoAnswer(`No sandbox answers at ${url}. Start one: bin/workshop sandbox --port ${new URL(url).port}`);
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer;
  const said =
    answer !== null && typeof answer === 'object' && 'error' in answer && typeof answer.error === 'string'
      ? answer.error
      : undefined;
  if (said === undefined) throw new NoAnswer(`What answers at ${url} is no sandbox.`);
  throw new WrongInput(said);
}
