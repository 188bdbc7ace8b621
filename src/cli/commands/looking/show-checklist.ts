import { checklistPage } from '../../pages/checklist-page.ts';
import { columnsOf } from '../../pages/wrapped.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';
import { lookingAt } from '../../which/which-workshop.ts';

export interface ChecklistOptions {
  readonly json?: boolean;
}

/** Prints the guide as it stands. */
export async function showChecklist(given: string | undefined, { json }: ChecklistOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    const { about, state } = await reader.look(id);
    const progress = await reader.progress(id);
    const timeZone = about?.timeZone ?? 'UTC';
    if (state !== 'running' && progress.status !== 'finished')
      say(`The lifecycle of "${id}" has ended from outside: this is where it stood. See: bin/workshop status ${id}`);
    const { workshop, heading, checklist } = progress;
    if (json) return printJson({ workshop, heading, timeZone, checklist });
    const style = styleFor(process.stdout);
    print(checklistPage(progress, { style, columns: columnsOf(process.stdout), timeZone }).join('\n'));
  });
}
