import type { NodesMode } from '../../../sandbox/index.ts';
import { EXERCISE, pythonWheels, wheelsInCache } from '../bundle/python-wheels.ts';

/**
 * Packages for apps whose code runs in a sandbox: apps there reach no network. They are fetched where somebody asks for
 * real nodes, which takes a minute the first time; else only those that were fetched before are used. Undefined: what
 * an app wants installed is not found, and its deployment says so.
 */
export async function appPackages(mode: NodesMode, say: (line: string) => void): Promise<string | undefined> {
  if (mode === 'simulated') return undefined;
  if (mode !== 'real') return wheelsInCache(EXERCISE);
  const found = await pythonWheels(EXERCISE, { report: say });
  if ('folder' in found) return found.folder;
  say(`Apps in this sandbox find no packages to install, so the exercise's cannot be deployed: ${found.reason}`);
  return undefined;
}
