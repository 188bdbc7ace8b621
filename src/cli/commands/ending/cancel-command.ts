import { Command } from 'commander';
import { Refused } from '../../../temporal/client-errors.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { osUser } from '../../input/who.ts';
import { ID, toBeNamed } from '../../which/id-argument.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

interface CancelOptions {
  readonly reason?: string;
  readonly by: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `workshop cancel`: ends a workshop now; everything it made is removed and the proof given. */
export function cancelCommand(): Command {
  return new Command('cancel')
    .description("Cancel a workshop: everybody's cluster is removed now, and the report written.")
    .argument(...ID)
    .option('--reason <text>', 'why, for the report')
    .option('--by <name>', 'who decides', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop cancel spring-apps --reason "moved to autumn"')
    .action((given: string | undefined, { reason, by, yes, json }: CancelOptions, self: Command) => {
      if (yes) toBeNamed(self, given);
      return inWorkshop(given, async (client, id) => {
        const { workshop, attendees, status } = await client.progress(id);
        if (status === 'finished')
          throw new Refused(
            `"${workshop.title}" (${id}) is over and everything is removed: there is nothing to ` +
              `cancel. Its report: bin/workshop report ${id}`,
          );
        if ((await client.standing(id)) !== 'running') {
          throw new Refused(
            `The lifecycle of "${id}" has ended from outside: it cannot cancel itself any more. ` +
              `See what is left of it: bin/workshop teardown ${id} --dry-run`,
          );
        }
        say(
          `"${workshop.title}" (${workshop.id}): ${attendees.withCluster} of ` +
            `${attendees.attendees} people have a cluster; with it go the files that are only there.`,
        );
        await confirm('Cancel it and remove everything?', yes);
        const receipt = await client.cancel(id, { by, ...(reason === undefined ? {} : { reason }) });
        if (json) return printJson(receipt);
        print(`${receipt.recorded}. See how it goes on: bin/workshop status ${id} --watch`);
      });
    });
}
