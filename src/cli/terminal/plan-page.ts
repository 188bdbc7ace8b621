import { demandText } from '../../domain/replayed/capacity/capacity.ts';
import { appRoomWords, type AppRoom } from '../../domain/replayed/capacity/app-room.ts';
import { estimateLines, formatMoney } from '../../domain/money/cost.ts';
import type { Capability, Remains } from '../../preview.ts';
import { moment, shortMoment } from '../../domain/clock/clock.ts';
import type { PlanPreview } from '../input/plan-preview.ts';
import type { Style } from './style.ts';

/** What the workspace said, or why it was not asked. */
export type WorkspaceView =
  | {
      readonly asked: true;
      readonly host: string;
      readonly workspaceId: string;
      readonly user: string;
      readonly rights: readonly Capability[];
      readonly remains: Remains;
      /** Whether people's apps fit beside those that are there; undefined: they cannot be counted. */
      readonly apps?: AppRoom | undefined;
      /** The runtimes that a cluster there can have; undefined: it does not say. */
      readonly runtimes?: readonly string[] | undefined;
      /** Whether attendees can make machines that are not the workshop's; undefined: nothing says so. */
      readonly ownMachines?: keyof typeof OWN_MACHINES | undefined;
    }
  | { readonly asked: false; readonly because: string };

/** What to know about the policy Personal Compute (docs/facts/databricks.md section 8). */
const OWN_MACHINES = {
  everybody:
    'The policy Personal Compute lets everybody in this workspace make machines of their own, past the policy, pool ' +
    'and budget of the plan. They are not ours and stay: "teardown --dry-run" lists them. An account admin can ' +
    'switch it off.',
  perhaps:
    'The policy Personal Compute may let attendees make machines of their own, past the policy, pool and budget of ' +
    'the plan: its permissions do not tell. They are not ours and stay: "teardown --dry-run" lists them. An account ' +
    'admin can say whether it is on, and switch it off.',
} as const;

/** The preview as a page of text. */
export function planPage(preview: PlanPreview, view: WorkspaceView, style: Style): string[] {
  const { now, workshop, timeline, people, phases, creates, asks, cost, capacity, serving, warnings, messages } =
    preview;
  const apps = (view.asked ? view.apps : undefined) ?? preview.apps;
  const own = view.asked ? view.ownMachines : undefined;
  const mind = own === undefined ? warnings : [...warnings, OWN_MACHINES[own]];
  const when = (at: number) => (at <= now ? 'now' : shortMoment(at, workshop.timeZone));
  const section = (title: string, lines: readonly string[]) => [
    '',
    style.bold(title),
    ...lines.map((line) => `  ${line}`),
  ];
  return [
    `${style.bold(workshop.title)}  ${style.dim(workshop.id)}`,
    workshop.workspace,
    `${moment(timeline.start, workshop.timeZone)} to ${moment(timeline.end, workshop.timeZone)}`,
    `${counted(people.attendees, 'attendee')}${people.testers > 0 ? `, ${counted(people.testers, 'tester')}` : ''}`,
    // Before all else: a plan that cannot be carried out.
    ...(apps.isEnough ? [] : appLines(apps, style)),
    ...section(
      `When (${workshop.timeZone})`,
      phases.map(
        ({ name, at, overdue }) =>
          `${name === 'first' ? 'at the start of it all'.padEnd(24) : when(at).padEnd(24)}  ` +
          `${PHASES[name]}${overdue ? style.yellow('  overdue: done at once') : ''}`,
      ),
    ),
    ...section(
      'Will be created',
      creates.flatMap(({ what, count, names, at, note }) => [
        `${style.green('+')} ${count} × ${what}, ${when(at)}${note === undefined ? '' : style.dim(` (${note})`)}`,
        ...names.map((name) => `    ${name}`),
      ]),
    ),
    ...section(
      'People will be asked',
      asks.flatMap(({ id, title, askedAt, deadline, blocking }) => [
        `${style.yellow('?')} ${title} ${style.dim(`[${id}]`)}`,
        `    asked ${when(askedAt)}, due ${when(deadline)}; ` +
          (blocking ? 'holds everything until it is answered' : 'unanswered it turns red and the rest goes on'),
      ]),
    ),
    ...section('Who is written to', messages),
    ...section('What the cloud must have for everybody at once', capacity),
    ...section('How quickly clusters are launched', preview.launches),
    ...section('What everybody asks of Model Serving', [
      `${demandText(serving.demand)}${serving.verdict === 'enough' ? ': within the limits of the plan' : ''}`,
    ]),
    ...section("How everybody's Claude Code is set up", preview.claude),
    ...(apps.isEnough && apps.wanted > 0 ? section('Apps', appLines(apps, style)) : []),
    ...section('Cost', estimateLines(cost)),
    ...workspaceLines(workshop.id, view, style),
    ...(mind.length > 0
      ? section(
          'Mind',
          mind.map((warning) => `${style.yellow('!')} ${warning}`),
        )
      : []),
    '',
    style.bold(summaryOf(preview)),
  ];
}

const appLines = (room: AppRoom, style: Style): string[] => [
  room.isEnough ? appRoomWords(room) : `${style.red('✘')} ${appRoomWords(room)}.`,
  ...room.remedies.map((remedy) => `    ${remedy}`),
];

/** All of it in one line. */
export function summaryOf({ people, creates, asks, cost, remains }: PlanPreview): string {
  const clusters = people.attendees + people.guestTesters.length;
  const pools = creates.find(({ what }) => what === 'instance pool')?.count ?? 0;
  return (
    `Will make ${[counted(clusters, 'cluster'), ...(pools > 0 ? [counted(pools, 'pool')] : [])].join(', ')}; ask ` +
    `${counted(asks.length, 'thing')} of people; about ${formatMoney(cost.total.expected, cost.currency)}; nothing ` +
    `remains but ${remains.join(', ').replace(/, ([^,]*)$/, ' and $1')}.`
  );
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const PHASES: Readonly<Record<PlanPreview['phases'][number]['name'], string>> = {
  first: 'what the worker may do; a seat for everybody',
  'two weeks before': 'volumes, script, policy, pool, endpoint, canary, testers',
  'one week before': 'people found, clusters made and stopped, letters written',
  'day before': 'nothing has changed, the pool warms, the endpoint is quick',
  'day of': 'pool warmed',
  launch: "everybody's cluster started",
  during: 'the workshop: clusters watched, broken ones repaired',
  after: 'the end; feedback letter',
  removal: 'clusters removed, proof, report',
};

function workspaceLines(id: string, view: WorkspaceView, style: Style): string[] {
  if (!view.asked) return ['', style.bold('The workspace was not asked'), `  ${view.because}`];
  const marks = { yes: style.green('✔'), no: style.red('✘'), unknown: style.yellow('?') } as const;
  return [
    '',
    style.bold(`What ${view.user} may do in ${view.host} (workspace ${view.workspaceId})`),
    ...view.rights.map(({ title, verdict, because }) => `  ${marks[verdict]} ${title}  ${style.dim(because)}`),
    ...inTheWayLines(id, view, style),
  ];
}

/** What an admin has to do first, and what is there already. */
export function inTheWayLines(id: string, view: Extract<WorkspaceView, { asked: true }>, style: Style): string[] {
  const handOffs = view.rights.filter(({ verdict, commands }) => verdict !== 'yes' && commands.length > 0);
  return [
    ...(handOffs.length > 0 ? ['', style.bold('For an admin')] : []),
    ...handOffs.flatMap(({ title, verdict, commands }) => [
      `  ${title}${verdict === 'unknown' ? ' (only if it turns out that it may not)' : ''}:`,
      ...commands.map((command) => `    ${command}`),
    ]),
    ...(view.remains.ours.length > 0
      ? [
          '',
          style.bold('Already there with this id'),
          ...view.remains.ours.map(({ kind, name, state }) => `  ${kind} ${name} (${state})`),
          '  "start" refuses this unless --adopt is given; or look at what would be removed: ' +
            `bin/workshop teardown ${id} --dry-run`,
        ]
      : []),
  ];
}
