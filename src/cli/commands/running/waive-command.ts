import { Command, InvalidArgumentError } from 'commander';
import { print, printJson } from '../../terminal/output.ts';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

interface WaiveOptions {
  readonly reason: string;
  readonly by: string;
  readonly json?: boolean;
}

/** `workshop waive`: goes on without an item, and says why. */
export function waiveCommand(): Command {
  return new Command('waive')
    .description('Go on without an item of the checklist. The reason is kept in the report.')
    .usage('[options] [id] <item>')
    .argument(...ID)
    .argument('[item]', 'the item, like capacity')
    .requiredOption('--reason <text>', 'why it may be missing', worded)
    .option('--by <name>', 'who decides', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  workshop waive spring-apps capacity --reason "quota confirmed by the cloud team, ticket 4711"',
    )
    .action((first: string | undefined, second: string | undefined, options: WaiveOptions, self: Command) => {
      const { id: workshop, what: item } = idAnd(self, first, second);
      const { reason, by, json } = options;
      return inWorkshop(workshop, async (client, id) => {
        const receipt = await client.waive(id, { item, by, reason });
        if (json) printJson(receipt);
        else print(receipt.recorded);
      });
    });
}

/** A reason that nobody can read later is none. */
function worded(text: string): string {
  if (text.trim().length < 3) throw new InvalidArgumentError('Say it in a few words.');
  return text;
}
