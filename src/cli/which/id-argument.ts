import type { Command } from 'commander';

/** How every command names the workshop that it is about; which-workshop.ts says which is meant without it. */
export const ID = ['[id]', "the workshop's id; not needed where only one runs"] as const;

/**
 * Of a command `[id] <what>`, declared with both optional, because Commander takes a single word for the first: one
 * word is what, two are both.
 * @throws {CommanderError} when nothing was said at all
 */
export function idAnd(
  command: Command,
  first: string | undefined,
  second: string | undefined,
): { id: string | undefined; what: string } {
  const what = second ?? first;
  if (what === undefined)
    return command.error(`error: missing required argument '${command.registeredArguments[1]?.name()}'`);
  return { id: second === undefined ? undefined : first, what };
}

/**
 * What nobody is asked about any more is removed only where its name was written out.
 * @throws {CommanderError} without a name
 */
export function toBeNamed(command: Command, given: string | undefined): void {
  if (given === undefined) command.error('error: with --yes, name the workshop that is to be removed');
}
