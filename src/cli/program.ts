import { Command } from 'commander';
import { attendeesCommand } from './commands/running/attendees-command.ts';
import { bundleCommand } from './commands/before/bundle-command.ts';
import { cancelCommand } from './commands/ending/cancel-command.ts';
import { costCommand } from './commands/before/cost-command.ts';
import { loadTestCommand } from './commands/before/load-test-command.ts';
import { localCommand } from './commands/practice/local-command.ts';
import { planCommand } from './commands/before/plan-command.ts';
import { rehearseCommand } from './commands/practice/rehearse-command.ts';
import { reportCommand } from './commands/ending/report-command.ts';
import { retryCommand } from './commands/running/retry-command.ts';
import { sandboxCommand } from './commands/practice/sandbox-command.ts';
import { signOffCommand } from './commands/running/sign-off-command.ts';
import { startCommand } from './commands/before/start-command.ts';
import { statusCommand } from './commands/running/status-command.ts';
import { teardownCommand } from './commands/ending/teardown-command.ts';
import { waiveCommand } from './commands/running/waive-command.ts';
import { workerCommand } from './commands/before/worker-command.ts';
import { EXIT_CODES_HELP } from './input/exit.ts';

/** The whole `workshop` command, nothing done yet. Wrong arguments throw instead of ending the process. */
export function workshopProgram(): Command {
  const program = new Command('workshop')
    .description(
      'Runs a hands-on Databricks workshop, from three weeks before to the proof that nothing is left running.',
    )
    .addHelpText('after', `${EXIT_CODES_HELP}\n\nTo see it all without a workspace: workshop rehearse --attendees 12`);
  program.commandsGroup('To try it:');
  for (const command of [rehearseCommand(), localCommand(), sandboxCommand()]) program.addCommand(command);
  program.commandsGroup('Before:');
  for (const command of [
    planCommand(),
    costCommand(),
    bundleCommand(),
    startCommand(),
    workerCommand(),
    loadTestCommand(),
  ])
    program.addCommand(command);
  program.commandsGroup('While it runs:');
  for (const command of [
    statusCommand(),
    attendeesCommand(),
    signOffCommand(),
    waiveCommand(),
    retryCommand(),
    cancelCommand(),
  ])
    program.addCommand(command);
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
