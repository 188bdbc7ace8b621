import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;
type Shell = (typeof SHELLS)[number];

/**
 * `workshop completion`: lets a shell complete commands, options and their values.
 * @param whole the program with all its commands
 */
export function completionCommand(whole: () => Promise<Command>): Command {
  return new Command('completion')
    .description('Print what lets your shell complete commands, options, their values, and ids of workshops.')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../../completion/completion-script.ts');
      const { print } = await import('../../terminal/output.ts');
      print(completionScript(shell, await whole()));
    });
}

const HELP = `
Examples, for the file that your shell reads when it starts:
  bash  source <(bin/workshop completion bash)
  zsh   autoload -Uz compinit && compinit; source <(bin/workshop completion zsh)
  fish  bin/workshop completion fish | source
  pwsh  bin/workshop completion pwsh | Out-String | Invoke-Expression

It completes "workshop" and every path to it. Ids are those of the folder "workshops" where you are: no server is \
asked.`;
