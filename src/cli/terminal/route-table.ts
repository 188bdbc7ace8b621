import type { RouteLine } from '../../../sandbox/index.ts';

/** The routes of the sandbox as a table: method, path, and what it does with where that was found out. */
export function routeTable(routes: readonly RouteLine[]): string {
  return table([
    ['METHOD', 'PATH', 'DOES (SOURCE)'],
    ...routes.map(({ method, path, does, source }) => [method, path, `${does} (${source})`]),
  ]);
}

/** What was asked of a sandbox and is not there, with how often. */
export function missedTable(missed: readonly { readonly route: string; readonly count: number }[]): string {
  if (missed.length === 0) return 'Nothing was asked that is not there.';
  return table([['TIMES', 'ASKED, AND NOT THERE'], ...missed.map(({ route, count }) => [String(count), route])]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
