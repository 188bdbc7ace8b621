import { Command } from 'commander';
import { exitWith } from './exit.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { workerCommand } from './commands/worker.ts';

const program = new Command('workshop')
  .description('Runs a hands-on Databricks workshop, from three weeks before to the proof that nothing is left running.')
  .showHelpAfterError('(add --help for what can be said)')
  .addCommand(rehearseCommand())
  .addCommand(sandboxCommand())
  .addCommand(workerCommand());

try {
  await program.parseAsync();
} catch (error) {
  exitWith(error);
}
