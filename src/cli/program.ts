import { Command } from 'commander';
import { EXIT_CODES_HELP } from './input/exit.ts';

type Load = () => Promise<Command>;

/** Every command by its name, under the headings of --help. A name is what its file's Command says too. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'To try it:': {
    rehearse: async () => (await import('./commands/practice/rehearse-command.ts')).rehearseCommand(),
    local: async () => (await import('./commands/practice/local-command.ts')).localCommand(),
    sandbox: async () => (await import('./commands/practice/sandbox-command.ts')).sandboxCommand(),
  },
  'Before:': {
    plan: async () => (await import('./commands/before/plan-command.ts')).planCommand(),
    cost: async () => (await import('./commands/before/cost-command.ts')).costCommand(),
    bundle: async () => (await import('./commands/before/bundle-command.ts')).bundleCommand(),
    start: async () => (await import('./commands/before/start-command.ts')).startCommand(),
    worker: async () => (await import('./commands/before/worker-command.ts')).workerCommand(),
    'load-test': async () => (await import('./commands/before/load-test-command.ts')).loadTestCommand(),
  },
  'While it runs:': {
    list: async () => (await import('./commands/looking/list-command.ts')).listCommand(),
    status: async () => (await import('./commands/running/status-command.ts')).statusCommand(),
    checklist: async () => (await import('./commands/looking/checklist-command.ts')).checklistCommand(),
    history: async () => (await import('./commands/looking/history-command.ts')).historyCommand(),
    why: async () => (await import('./commands/looking/why-command.ts')).whyCommand(),
    attendees: async () => (await import('./commands/attendees/attendees-command.ts')).attendeesCommand(),
    connected: async () => (await import('./commands/looking/connected-command.ts')).connectedCommand(),
    web: async () => (await import('./commands/web/web-command.ts')).webCommand(),
    messages: async () => (await import('./commands/messages/messages-command.ts')).messagesCommand(),
    handover: async () => (await import('./commands/ending/handover-command.ts')).handoverCommand(),
    'sign-off': async () => (await import('./commands/running/sign-off-command.ts')).signOffCommand(),
    laptop: async () => (await import('./commands/running/laptop-command.ts')).laptopCommand(),
    waive: async () => (await import('./commands/running/waive-command.ts')).waiveCommand(),
    retry: async () => (await import('./commands/running/retry-command.ts')).retryCommand(),
    'replace-cluster': async () =>
      (await import('./commands/changes/replace-cluster-command.ts')).replaceClusterCommand(),
    swap: async () => (await import('./commands/changes/swap-command.ts')).swapCommand(),
    pause: async () => (await import('./commands/changes/pause-command.ts')).pauseCommand(),
    resume: async () => (await import('./commands/changes/resume-command.ts')).resumeCommand(),
    extend: async () => (await import('./commands/changes/extend-command.ts')).extendCommand(),
    reschedule: async () => (await import('./commands/changes/reschedule-command.ts')).rescheduleCommand(),
    amend: async () => (await import('./commands/changes/amend-command.ts')).amendCommand(),
    codec: async () => (await import('./commands/running/codec-command.ts')).codecCommand(),
    cancel: async () => (await import('./commands/ending/cancel-command.ts')).cancelCommand(),
  },
  'For your shell:': {
    completion: async () =>
      (await import('./commands/shell/completion-command.ts')).completionCommand(() => workshopProgram()),
  },
  'After:': {
    report: async () => (await import('./commands/ending/report-command.ts')).reportCommand(),
    teardown: async () => (await import('./commands/ending/teardown-command.ts')).teardownCommand(),
  },
};

/**
 * The `workshop` command, nothing done yet. Wrong arguments throw instead of ending the process.
 * @param only the name of a command: no other is loaded then. All are when there is no such one, as --help needs it.
 */
export async function workshopProgram(only?: string): Promise<Command> {
  const program = new Command('workshop')
    .description(
      'Runs a hands-on Databricks workshop, from three weeks before to the proof that nothing is left running.',
    )
    .addHelpText('after', `${EXIT_CODES_HELP}\n\nTo see it all without a workspace: workshop rehearse --attendees 12`);
  const isKnown = Object.values(COMMANDS).some((commands) => only !== undefined && Object.hasOwn(commands, only));
  for (const [heading, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const [name, load] of Object.entries(commands))
      if (!isKnown || name === only) program.addCommand(await load());
  }
  throwing(program);
  return program;
}

/** Commander ends the process with code 1 by itself; ours means something else. */
function throwing(command: Command): void {
  command.exitOverride().configureOutput({ outputError: (text, write) => write(text + expectedBy(command)) });
  for (const below of command.commands) throwing(below);
}

/** For whoever has run it wrongly: how it is written, and the example of its help. */
function expectedBy(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const usage = /^Usage: (.*)$/m.exec(help)?.[1] ?? '';
  const example = /^Examples?.*:\n((?: {2}.*\n?)+)/m.exec(help)?.[0] ?? '';
  const below = command.parent ? command.commands.map((one) => one.name()) : [];
  const commands = below.length > 0 ? `Commands: ${below.join(', ')}\n` : '';
  return `Expected: ${usage}\n${commands}${example}(add --help for what can be said)\n`;
}
