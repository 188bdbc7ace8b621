import { scriptPlace } from '../../clusters/cluster-spec.ts';
import type { Cluster } from '../../clusters/cluster-model.ts';
import { fetchScript } from '../../clusters/fleet/init-scripts.ts';
import type { InitScriptWorld, ScriptOutcome } from '../../clusters/fleet/init-scripts.ts';
import type { Machine } from '../machine/machine.ts';

/** Beyond it a script counts as hung, and the launch as failed. */
const LONGEST_MS = 20 * 60_000;

/** What one script printed, for the log volume. */
export interface ScriptLog {
  readonly name: string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a cluster's init scripts on its node, one after the other, fetched with the rights of whoever the cluster is
 * dedicated to; the first failure ends it (docs/facts/databricks.md section 6).
 */
export async function runScripts(
  world: InitScriptWorld,
  machine: Machine,
  cluster: Cluster,
  env: Readonly<Record<string, string>>,
): Promise<{ outcomes: ScriptOutcome[]; logs: ScriptLog[] }> {
  const outcomes: ScriptOutcome[] = [];
  const logs: ScriptLog[] = [];
  let failed = false;
  for (const [index, script] of (cluster.spec.init_scripts ?? []).entries()) {
    if (failed) {
      outcomes.push({ script, status: 'NOT_EXECUTED', error: undefined, seconds: 0 });
      continue;
    }
    const fetched = fetchScript(world, cluster, script);
    if (typeof fetched === 'string') {
      failed = true;
      outcomes.push({ script, status: 'FAILED_FETCH', error: fetched, seconds: 0 });
      continue;
    }
    const name = (scriptPlace(script)?.destination ?? '').split('/').at(-1) ?? `script-${index}`;
    const path = `/databricks/init_scripts/${index}_${name}`;
    machine.put(path, fetched);
    const began = performance.now();
    const program = machine.run({ argv: ['/bin/bash', path], env, cwd: '/', input: '' });
    const timer = setTimeout(() => program.stop(), LONGEST_MS);
    const { code, stdout, stderr } = await program.ended;
    clearTimeout(timer);
    logs.push({ name, stdout, stderr });
    failed = code !== 0;
    outcomes.push({
      script,
      status: failed ? 'FAILED_EXECUTION' : 'SUCCEEDED',
      error: failed ? complaint(code, stderr) : undefined,
      seconds: Math.round((performance.now() - began) / 1_000),
    });
  }
  return { outcomes, logs };
}

/** The exit status, and the last thing the script said. */
function complaint(code: number, stderr: string): string {
  const last = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return `Script exit status is non-zero: ${code}${last === '' ? '' : `, ${last}`}`;
}
