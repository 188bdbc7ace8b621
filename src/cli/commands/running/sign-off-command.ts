import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { SignOffOptions } from './give-sign-off.ts';

/** `workshop sign-off`: says what only a person can say. */
export function signOffCommand(): Command {
  return new Command('sign-off')
    .description('Answer one of the questions that only a person can answer; "workshop status" lists them.')
    .usage('[options] [id] <item>')
    .argument(...ID)
    .argument('[item]', 'the item, like proxy')
    .option('--by <name>', 'who says so', osUser())
    .option('--note <text>', 'what was seen')
    .option(
      '--evidence <code>',
      'the code that laptop/check.sh or laptop/check.ps1 printed; for several laptops several times',
      (code: string, codes: readonly string[]) => [...codes, code],
      [],
    )
    .option('--force', 'although the code shows too little; --note must say why')
    .option('--no', 'it is not so: the item turns red')
    .option('--yes', 'do not ask, although somebody said no before')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', HELP)
    .action(async (first: string | undefined, second: string | undefined, options: SignOffOptions, self: Command) => {
      const { id, what } = idAnd(self, first, second);
      const { giveSignOff } = await import('./give-sign-off.ts');
      await giveSignOff(id, what, options);
    });
}

const HELP = `
Examples:
  workshop sign-off spring-apps proxy --note "two laptops, office and VPN"
  workshop sign-off spring-apps windows-zscaler --evidence 1CMC-S108-03AN-ANY9-3ZTY
  workshop sign-off spring-apps proxy --no --note "certificate refused"`;
