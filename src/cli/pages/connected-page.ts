import { roleWords } from '../../domain/roster/role-words.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { CONNECTIONS, notConnectedYet, type PersonConnected } from '../../domain/tunnels/connected.ts';
import type { KeptAwake } from '../../domain/tunnels/kept-awake.ts';
import { moment, timeOfDay } from '../../domain/clock/clock.ts';
import { oneLine, type Style } from '../terminal/style.ts';
import { hanging } from './wrapped.ts';

interface Seen {
  readonly people: readonly PersonConnected[];
  readonly awake: readonly KeptAwake[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** The day has begun, and is not over. */
  readonly isDay: boolean;
  readonly style: Style;
  readonly columns: number;
}

/** How many are connected, who is not yet by table, and what is to be done. */
export function connectedPage(
  plan: Pick<Plan, 'id' | 'title' | 'timeZone' | 'prices'>,
  { people, awake, now, isDay, style, columns }: Seen,
): string[] {
  const broken = people.filter(({ state }) => state === 'broken');
  const clock = (at: number) => timeOfDay(at, plan.timeZone).slice(0, 5);
  const heading = (words: string): string[] => ['', style.bold(words)];
  return [
    `${style.bold(oneLine(plan.title))}  ${style.dim(plan.id)}`,
    style.dim(`At ${moment(now, plan.timeZone)}`),
    '',
    `  ${CONNECTIONS.map((state) => `${people.filter((one) => one.state === state).length} ${state}`).join('   ')}`,
    ...(isDay
      ? room(people, { style, clock })
      : heading('Nobody is expected to be connected now: the day has not begun, or is over.')),
    ...(broken.length === 0
      ? []
      : [
          ...heading(`Broken: ${broken.length}`),
          ...broken.flatMap((one) => [
            `  ${whoIs(one)}`,
            `    ${oneLine(one.cause ?? '')}`,
            `    What to do: ${oneLine(one.toDo ?? '')}`,
          ]),
        ]),
    ...(awake.length === 0
      ? []
      : [
          ...heading(`Kept awake by an open connection (VS Code), and nobody should be working: ${awake.length}`),
          ...awake.map(
            (one) =>
              `  ${whoIs(one)}${one.role === 'attendee' ? '' : ` (${roleWords(one.role)})`}: since ` +
              `${moment(one.since, plan.timeZone)}, ${formatDuration(one.ms)}, about ` +
              `${formatMoney(one.cost, plan.prices.currency)} so far. Ask them to close the window.`,
          ),
        ]),
    '',
    `More about one person: bin/workshop why ${plan.id} <e-mail>`,
  ].flatMap((line) => hanging(line, columns));
}

/** Who is to be helped, for whoever walks the room. */
function room(
  people: readonly PersonConnected[],
  { style, clock }: { style: Style; clock: (at: number) => string },
): string[] {
  const missing = notConnectedYet(people);
  const earlier = people.filter(({ until }) => until !== undefined);
  const section = (title: string, those: readonly PersonConnected[], standing: (one: PersonConnected) => string) =>
    those.length === 0 ? [] : ['', style.bold(title), ...byTable(those, style, standing)];
  return [
    ...(missing.length > 0
      ? []
      : ['', style.bold(people.length === 0 ? 'Nobody is enrolled' : 'Everybody is connected, or was')]),
    ...section(`Not connected yet: ${missing.length} of ${people.length}`, missing, ({ state }) => state),
    ...section(
      `Connected earlier, not now: ${earlier.length}`,
      earlier,
      ({ state, until }) => `${state}${until === undefined ? '' : `, last until ${clock(until)}`}`,
    ),
  ];
}

const whoIs = ({ email, name }: { readonly email: string; readonly name?: string | undefined }): string =>
  name === undefined ? email : `${oneLine(name)}, ${email}`;

/** Table 2 comes before table 10, and whoever has none comes last. */
function byTable(
  people: readonly PersonConnected[],
  style: Style,
  standing: (one: PersonConnected) => string,
): string[] {
  const tables = Map.groupBy(people, ({ table }) => table ?? '');
  const line = (one: PersonConnected) => `${whoIs(one)}: ${standing(one)}`;
  if (tables.size === 1 && tables.has('')) return people.map((one) => `  ${line(one)}`);
  return [...tables]
    .toSorted(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b, 'en', { numeric: true }))
    .flatMap(([table, those]) => [
      `  ${style.cyan(table === '' ? 'No table known' : `Table ${oneLine(table)}`)}`,
      ...those.map((one) => `    ${line(one)}`),
    ]);
}
