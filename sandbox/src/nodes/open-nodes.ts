import { existsSync } from 'node:fs';
import { whyNotReal } from './can-be-real.ts';
import { SIMULATED_ONLY } from './nodes.ts';
import type { Nodes, NodesMode } from './nodes.ts';
import { RealNodes } from './real-nodes.ts';

/** So many that people can try things, so few that a laptop does not notice. */
const MOST_IN_AUTO = 4;

/**
 * The machines of a sandbox.
 * @returns with `note` what a person should know about them, as a sentence.
 * @throws {Error} when they are to be real and cannot be, with what to do.
 */
export async function openNodes(mode: NodesMode): Promise<{ readonly nodes: Nodes; readonly note: string }> {
  if (mode === 'simulated') return { nodes: SIMULATED_ONLY, note: 'All nodes are simulated: nothing runs on them.' };
  const why = await whyNotReal();
  if (why !== undefined && mode === 'real') throw new Error(why);
  if (why !== undefined)
    return { nodes: SIMULATED_ONLY, note: `All nodes are simulated: nothing runs on them. ${why}` };
  const ssh = existsSync('/usr/sbin/sshd')
    ? ''
    : ' There is no /usr/sbin/sshd (Debian: openssh-server), so nobody can sign in to them with databricks ssh.';
  if (mode === 'real')
    return {
      nodes: new RealNodes({ most: Number.POSITIVE_INFINITY, fromBoot: true }),
      note: `All nodes are real: init scripts and jobs run in isolated roots on this computer.${ssh}`,
    };
  return {
    nodes: new RealNodes({ most: MOST_IN_AUTO, fromBoot: false }),
    note:
      `The first ${MOST_IN_AUTO} clusters that a job or command comes to get a real node, an isolated ` +
      'root on this computer, and one more that somebody made for themselves; all others are ' +
      `simulated.${ssh}`,
  };
}
