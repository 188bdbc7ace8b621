import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { LaptopOptions } from './note-laptop.ts';

/** `workshop laptop`: the code of somebody's laptop check comes in, and is said in words. */
export function laptopCommand(): Command {
  return new Command('laptop')
    .description("Take in the code of somebody's laptop check, and say in words what it shows.")
    .usage('[options] <code> --person <email or name> [id]')
    .argument('<code>', 'the twenty letters and digits of its last line, as they were sent or read out')
    .argument(...ID)
    .requiredOption('--person <email or name>', 'whose laptop: the address, how it begins, or the name on the roster')
    .option('--json', 'print it as JSON')
    .addHelpText('after', HELP)
    .action(async (code: string, id: string | undefined, options: LaptopOptions) => {
      const { noteLaptop } = await import('./note-laptop.ts');
      await noteLaptop(id, code, options);
    });
}

const HELP = `
Examples:
  workshop laptop 2CMC-S108-032P-FXY9-32HS --person ann@example.com
  workshop laptop 2CMC-S108-032P-FXY9-32HS --person "Ann Lee" spring-apps

It stands on the room's page beside the person. As evidence for a sign-off: workshop sign-off --help`;
