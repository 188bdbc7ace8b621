import { InvalidArgumentError } from 'commander';

/** A number option within bounds. */
export const number =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    return value;
  };

/** The same for whole numbers. */
export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = number(least, most)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
    return value;
  };

/** How commands are told the credentials of several workspaces: once for each. */
export const PROFILE = [
  '--profile <name>',
  'a profile of ~/.databrickscfg, for one of several workspaces; once for each (or WORKSHOP_PROFILES)',
  (name: string, before: readonly string[] = []): readonly string[] => [...before, name],
] as const;
