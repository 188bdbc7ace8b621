import { openNodes, type NodesMode } from '../../../sandbox/index.ts';
import { WrongInput } from '../input/exit.ts';

/**
 * The machines of a sandbox, and a sentence about them.
 * @throws {WrongInput} when they are to be real and cannot be.
 */
export async function machines(mode: NodesMode): ReturnType<typeof openNodes> {
  try {
    return await openNodes(mode);
  } catch (error) {
    throw new WrongInput((error as Error).message);
  }
}
