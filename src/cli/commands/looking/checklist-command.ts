import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { ChecklistOptions } from './show-checklist.ts';

/** `workshop checklist`: the whole guide, with what shows each of its lines. */
export function checklistCommand(): Command {
  return new Command('checklist')
    .description("Show the guide's checklist whole: states, since when, who said so, and what shows it.")
    .argument(...ID)
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  workshop checklist spring-apps > checklist.txt')
    .action(async (id: string | undefined, options: ChecklistOptions) => {
      const { showChecklist } = await import('./show-checklist.ts');
      await showChecklist(id, options);
    });
}
