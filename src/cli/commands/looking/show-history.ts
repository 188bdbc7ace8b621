import { WrongSettings } from '../../../temporal/client-errors.ts';
import { changeWords, historyPage, notKnown } from '../../pages/history-page.ts';
import { columnsOf } from '../../pages/wrapped.ts';
import { print, printJson } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';
import { lookingAt } from '../../which/which-workshop.ts';

export interface HistoryOptions {
  readonly json?: boolean;
}

/** Prints the audit trail of a workshop. */
export async function showHistory(given: string | undefined, { json }: HistoryOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    const history = await reader.changes(id);
    const zone = await reader.look(id).then(
      ({ about }) => about?.timeZone,
      (error: unknown) => {
        // Encrypted with another key: what is known without is shown all the same.
        if (error instanceof WrongSettings) return undefined;
        throw error;
      },
    );
    const timeZone = zone ?? history.changes.find(({ began }) => began)?.began?.timeZone ?? 'UTC';
    if (json)
      return printJson({
        workshop: id,
        timeZone,
        changes: history.changes.map((change) => ({
          ...change,
          at: new Date(change.at).toISOString(),
          ...(change.kind === 'page' ? {} : { words: changeWords(change, timeZone) }),
        })),
        notKnown: notKnown(history, timeZone),
      });
    const style = styleFor(process.stdout);
    print(historyPage(id, history, { style, columns: columnsOf(process.stdout), timeZone }).join('\n'));
  });
}
