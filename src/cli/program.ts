import { Command } from 'commander';
import { attendeesCommand } from './commands/attendees.ts';
import { bundleCommand } from './commands/bundle.ts';
import { cancelCommand } from './commands/cancel.ts';
import { costCommand } from './commands/cost.ts';
import { loadTestCommand } from './commands/load-test.ts';
import { localCommand } from './commands/local.ts';
import { planCommand } from './commands/plan.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { reportCommand } from './commands/report.ts';
import { retryCommand } from './commands/retry.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { signOffCommand } from './commands/sign-off.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { teardownCommand } from './commands/teardown.ts';
import { waiveCommand } from './commands/waive.ts';
import { workerCommand } from './commands/worker.ts';
import { EXIT_CODES_HELP } from './exit.ts';

/** The whole `workshop` command, nothing done yet. Wrong arguments throw instead of ending the process. */
export function workshopProgram(): Command {
  const program = new Command('workshop')
    .description('Runs a hands-on Databricks workshop, from three weeks before to the proof that nothing is left running.')
    .addHelpText('after', `${EXIT_CODES_HELP}\n\nTo see it all without a workspace: workshop rehearse --attendees 12`);
  program.commandsGroup('To try it:');
  for (const command of [rehearseCommand(), localCommand(), sandboxCommand()]) program.addCommand(command);
  program.commandsGroup('Before:');
  for (const command of [planCommand(), costCommand(), bundleCommand(), startCommand(), workerCommand(), loadTestCommand()]) program.addCommand(command);
  program.commandsGroup('While it runs:');
  for (const command of [statusCommand(), attendeesCommand(), signOffCommand(), waiveCommand(), retryCommand(), cancelCommand()]) program.addCommand(command);
  program.commandsGroup('After:');
  for (const command of [reportCommand(), teardownCommand()]) program.addCommand(command);
  throwing(program);
  return program;
}

/** Commander ends the process with code 1 by itself; ours means something else. */
function throwing(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what can be said)');
  for (const below of command.commands) throwing(below);
}
