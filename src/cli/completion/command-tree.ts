import type { Argument, Command, Option } from 'commander';

/** What may be written for a value. */
export type Values = { readonly choices: readonly string[] } | 'files' | 'ids' | 'ids and files' | 'anything';

export interface CompletedOption {
  readonly names: readonly string[];
  readonly description: string;
  /** Left out: it takes none. */
  readonly value?: Values;
}

/** A command as a shell sees it: its place from the program down, and what may follow. */
export interface CompletedCommand {
  /** Empty for the program itself, else like `attendees list`. */
  readonly place: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Of the commands right below: name and description. */
  readonly below: readonly { readonly name: string; readonly description: string }[];
  readonly values: readonly Values[];
}

const LONGEST_DESCRIPTION = 70;

/** The program and every command below it, the program first. */
export function commandTree(command: Command, place = ''): CompletedCommand[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const isHelp = (one: Command) => one.name() === 'help';
  return [
    {
      place,
      description: short(command.description()),
      options: help.visibleOptions(command).map(optionOf),
      below: below.map((one) => ({ name: one.name(), description: short(one.description()) })),
      values: command.registeredArguments.map(valueOf),
    },
    ...below
      .filter((one) => !isHelp(one))
      .flatMap((one) => commandTree(one, place === '' ? one.name() : `${place} ${one.name()}`)),
  ];
}

function optionOf(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => name !== undefined && name !== null);
  const described = { names, description: short(option.description) };
  if (!option.required && !option.optional) return described;
  if (option.argChoices) return { ...described, value: { choices: option.argChoices } };
  return { ...described, value: /<(?:file|folder|roster|plan)\b/.test(option.flags) ? 'files' : 'anything' };
}

const BY_NAME: Readonly<Record<string, Values>> = {
  id: 'ids',
  file: 'files',
  plan: 'files',
  'id-or-file': 'ids and files',
};

const valueOf = (argument: Argument): Values =>
  argument.argChoices ? { choices: argument.argChoices } : (BY_NAME[argument.name()] ?? 'anything');

/** The first sentence, on one line. */
function short(text: string): string {
  const [first = ''] = text.replaceAll(/\s+/g, ' ').split(/[.:;] /);
  const plain = first.replace(/\.$/, '');
  return plain.length <= LONGEST_DESCRIPTION ? plain : `${plain.slice(0, LONGEST_DESCRIPTION - 1)}…`;
}
