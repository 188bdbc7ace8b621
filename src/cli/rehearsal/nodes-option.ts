import { Option } from 'commander';
import { openNodes, type NodesMode } from '../../../sandbox/index.ts';
import { WrongInput } from '../input/exit.ts';

/** `--nodes`, for every command that runs a sandbox. */
export const nodesOption = (): Option =>
  new Option(
    '--nodes <kind>',
    'on which clusters of the sandbox things really run, in isolated roots on this computer: all, none, or (auto, the default) the first few that work comes to',
  ).choices(['real', 'simulated', 'auto']);

/** The machines of a sandbox, and a sentence about them. @throws {WrongInput} when they are to be real and cannot be. */
export async function machines(mode: NodesMode): ReturnType<typeof openNodes> {
  try {
    return await openNodes(mode);
  } catch (error) {
    throw new WrongInput((error as Error).message);
  }
}
