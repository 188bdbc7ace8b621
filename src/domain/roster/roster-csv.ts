import { meteredCost, type RecordedPrices } from '../money/metered-cost.ts';
import { isUp } from '../replayed/seat/seat-state.ts';
import { sshAlias } from '../papers/letters.ts';
import type { Seat } from '../replayed/seat/seat.ts';
import { roleWords } from './role-words.ts';
import { whatToSay } from '../replayed/diagnosis/what-to-say.ts';

/** The workshop whose people are written down, and what is known of all of them. */
export interface ExportedWorkshop {
  readonly id: string;
  readonly connected?: ReadonlyMap<string, string> | undefined;
  readonly prices?: RecordedPrices | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The columns of an exported roster, in their order: the first four are those that a roster is read by. */
const COLUMNS = [
  'email',
  'name',
  'table',
  'role',
  'state',
  'cluster',
  'alias',
  'checked',
  'cause',
  'connected',
  'cost',
] as const;

/**
 * A workshop's people as a CSV that Excel opens: UTF-8 with its mark, every cell in quotes, lines that end as Windows
 * ends them. A cell that Excel would take for a formula begins with an apostrophe, which makes it text.
 * @param about address → how they are connected, where that was asked; the plan's prices, where they are known
 * @param separator what Excel expects between cells: a comma in English, a semicolon in German and most others
 */
export function rosterCsv(about: ExportedWorkshop, seats: readonly Seat[], separator: ',' | ';'): string {
  const rows = seats.map((seat): Record<(typeof COLUMNS)[number], string> => {
    const { email, details = {}, role, state, cluster, isIn } = seat;
    const hasCluster = cluster !== undefined && cluster.state !== 'GONE';
    return {
      email,
      name: details.name ?? '',
      table: details.table ?? '',
      role: details.role ?? roleWords(role),
      state,
      cluster: hasCluster ? cluster.id : '',
      alias: hasCluster ? sshAlias({ id: isIn?.id ?? about.id }) : '',
      checked: checkedWords(seat),
      cause: whatToSay(seat)
        .map(({ cause, toDo }) => `${cause} ${toDo}`)
        .join(' '),
      connected: about.connected?.get(email) ?? '',
      cost: costWords(seat, about, separator),
    };
  });
  const lines = [[...COLUMNS], ...rows.map((row) => COLUMNS.map((column) => row[column]))];
  return `\uFEFF${lines.map((cells) => `${cells.map(cellOf).join(separator)}\r\n`).join('')}`;
}

/** What their clusters cost so far, in the plan's currency: a number, with the comma where semicolons separate. */
function costWords(seat: Seat, { prices, now }: ExportedWorkshop, separator: ',' | ';'): string {
  if (prices === undefined) return '';
  const running = isUp(seat) ? Math.max(0, now - (seat.cluster?.launchedAt ?? now)) : 0;
  const { total } = meteredCost({ clusterUpMs: seat.upMs + running, poolIdleMs: 0 }, prices);
  return total.toFixed(2).replace('.', separator === ';' ? ',' : '.');
}

/** The kind of the last evidence that the cluster serves its person. */
const checkedWords = ({ proof }: Seat): string =>
  proof === undefined ? '' : !proof.ok ? 'fails' : proof.kind === 'attendee' ? 'passed' : 'started, not tested';

function cellOf(written: string): string {
  const line = written.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  const safe = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(line) ? `'${line}` : line;
  return `"${safe.replaceAll('"', '""')}"`;
}
