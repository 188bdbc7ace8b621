import { sshAlias } from '../papers/letters.ts';
import { type Seat } from '../replayed/seat/seat.ts';
import { whatToSay } from '../replayed/diagnosis/what-to-say.ts';

/** The columns of an exported roster, in their order: the first four are those that a roster is read by. */
const COLUMNS = ['email', 'name', 'table', 'role', 'state', 'cluster', 'alias', 'checked', 'cause'] as const;

/**
 * A workshop's people as a CSV that Excel opens: UTF-8 with its mark, every cell in quotes, lines that end as Windows
 * ends them. A cell that Excel would take for a formula begins with an apostrophe, which makes it text.
 * @param separator what Excel expects between cells: a comma in English, a semicolon in German and most others
 */
export function rosterCsv(workshop: { readonly id: string }, seats: readonly Seat[], separator: ',' | ';'): string {
  const rows = seats.map((seat): Record<(typeof COLUMNS)[number], string> => {
    const { email, details = {}, role, state, cluster } = seat;
    const hasCluster = cluster !== undefined && cluster.state !== 'GONE';
    return {
      email,
      name: details.name ?? '',
      table: details.table ?? '',
      role: details.role ?? role,
      state,
      cluster: hasCluster ? cluster.id : '',
      alias: hasCluster ? sshAlias(workshop) : '',
      checked: checkedWords(seat),
      cause: whatToSay(seat)
        .map(({ cause, toDo }) => `${cause} ${toDo}`)
        .join(' '),
    };
  });
  const lines = [[...COLUMNS], ...rows.map((row) => COLUMNS.map((column) => row[column]))];
  return `\uFEFF${lines.map((cells) => `${cells.map(cellOf).join(separator)}\r\n`).join('')}`;
}

/** The kind of the last evidence that the cluster serves its person. */
const checkedWords = ({ proof }: Seat): string =>
  proof === undefined ? '' : !proof.ok ? 'fails' : proof.kind === 'attendee' ? 'passed' : 'by events';

function cellOf(written: string): string {
  const line = written.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  const safe = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(line) ? `'${line}` : line;
  return `"${safe.replaceAll('"', '""')}"`;
}
