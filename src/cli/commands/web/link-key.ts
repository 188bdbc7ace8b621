import { HOW_TO_MAKE_A_KEY, LINK_KEY, linkKeyFrom } from '../../../domain/links/link-key.ts';
import { WrongInput } from '../../input/exit.ts';

/** The key that links are sealed with. @throws {WrongInput} where there is none, or what there is is none */
export function linkKey(env: NodeJS.ProcessEnv): Uint8Array {
  const key = linkKeyIfSet(env);
  if (key === undefined)
    throw new WrongInput(
      `${LINK_KEY} is not set: it seals the links, and must be the same for as long as they are to work. Make one, ` +
        `and keep it where the worker's settings are: ${HOW_TO_MAKE_A_KEY}`,
    );
  return key;
}

/** The same for whoever can do without. @throws {WrongInput} where what there is is none */
export function linkKeyIfSet(env: NodeJS.ProcessEnv): Uint8Array | undefined {
  try {
    return linkKeyFrom(env);
  } catch (error) {
    throw new WrongInput((error as Error).message);
  }
}
