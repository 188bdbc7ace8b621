import { Option } from 'commander';
import type { Refusable } from '../../../../sandbox/index.ts';
import { WrongInput } from '../../input/exit.ts';

/** `--model-refuses`, for every command that runs a sandbox. */
export const modelRefusesOption = (): Option =>
  new Option(
    '--model-refuses <what>',
    "what the sandbox's models refuse of what Claude Code sends, with commas between: system-role, unknown-betas, " +
      'effort, adaptive-thinking, output-config, count-tokens',
  );

/** What was named there. @throws {WrongInput} for what no model refuses */
export async function modelRefuses(named: string | undefined): Promise<readonly Refusable[]> {
  if (named === undefined) return [];
  const { REFUSABLE } = await import('../../../../sandbox/index.ts');
  return named.split(',').map((each) => {
    const found = REFUSABLE.find((one) => one === each.trim());
    if (found === undefined)
      throw new WrongInput(`--model-refuses: "${each.trim()}" is not known; there are ${REFUSABLE.join(', ')}.`);
    return found;
  });
}
