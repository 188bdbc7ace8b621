import {
  azureCapacity,
  azureCapacityLines,
  judgeServing,
  type ServingJudgement,
} from '../../domain/replayed/capacity/capacity.ts';
import { checklistFor, type Item } from '../../domain/replayed/checklist/item.ts';
import { HEADINGS, type Heading } from '../../domain/replayed/checklist/lines.ts';
import { settingsInWords } from '../../domain/replayed/made/claude-settings.ts';
import { clusterName, NAME_PREFIX, sharedNames } from '../../domain/replayed/made/cluster-spec.ts';
import { estimate, type Estimate } from '../../domain/money/cost.ts';
import {
  LAUNCHES_PER_SECOND,
  launchesToPlanBy,
  launchLead,
  LEAST_WARMING,
} from '../../domain/replayed/time/launch-lead.ts';
import { paceAt } from '../../domain/replayed/time/pace.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { poolCapacity } from '../../domain/replayed/made/pool-spec.ts';
import { guestTestersOf, seatsOf } from '../../domain/roster/seats.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { timelineOf } from '../../domain/plan/timeline-of-plan.ts';
import { judgeAppRoom, type AppRoom } from '../../domain/replayed/capacity/app-room.ts';
import { whoGetsWhat } from '../../domain/plan/who-gets-what.ts';
import type { PlanAndRoster } from './input-files.ts';
import { warningsFor } from './plan-warnings.ts';

/** One thing that will exist in the workspace, or is kept if it does already. */
export interface Creation {
  readonly what: string;
  readonly count: number;
  /** Some of the names; all of them when there are few. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note?: string;
}

/** A question that only a person can answer. */
export interface Question {
  readonly id: string;
  readonly title: string;
  readonly askedAt: number;
  readonly deadline: number;
  readonly blocking: boolean;
}

/** What a plan will do, worked out without asking anybody. Instants in epoch milliseconds. */
export interface PlanPreview {
  /** The moment it was worked out for. */
  readonly now: number;
  readonly workshop: Pick<Plan, 'id' | 'title' | 'workspace' | 'timeZone'>;
  readonly timeline: Timeline;
  readonly people: { readonly attendees: number; readonly testers: number; readonly guestTesters: readonly string[] };
  readonly phases: readonly {
    readonly name: Heading | 'launch' | 'removal';
    readonly at: number;
    readonly overdue: boolean;
  }[];
  readonly creates: readonly Creation[];
  readonly asks: readonly Question[];
  readonly cost: Estimate;
  readonly capacity: readonly string[];
  /** What is assumed of the workspace's limit on launches, which nobody publishes. */
  readonly launches: readonly string[];
  readonly serving: ServingJudgement;
  /** How people's Claude Code is set up. */
  readonly claude: readonly string[];
  readonly warnings: readonly string[];
  /** Whether people's apps fit into an empty workspace. */
  readonly apps: AppRoom;
  /** Who is written to, what about and how. */
  readonly messages: readonly string[];
  /** What is still there after the removal; nothing of it costs money by itself. */
  readonly remains: readonly string[];
}

const NAMES_SHOWN = 3;
/** Stands for the part of a name that is known once the workshop has a run id. */
const UNKNOWN_KEY = '??????';

/**
 * Works a plan out. Pure: the same plan, people and moment give the same preview.
 * @param now epoch milliseconds
 * @param takesOver it is to go on with a workshop that ran already
 */
export function previewOf(
  { plan, people, duplicates, leftOut }: PlanAndRoster,
  now: number,
  takesOver = false,
): PlanPreview {
  const timeline = timelineOf(plan);
  const guestTesters = guestTestersOf(plan, people);
  const seats = seatsOf(plan, people);
  const serving = judgeServing(plan, seats);
  const pace = paceAt(1);
  const lead = launchLead({
    people: seats,
    bootMs: 0,
    ...launchesToPlanBy(undefined),
    leastLeadMs: pace.leastLead,
    autoTerminationMs: plan.compute.autoTerminationMinutes * 60_000,
  });
  const launchAt = timeline.start - lead.leadMs;
  const dayOf = Math.min(timeline.dayOf, launchAt - (plan.compute.pool.use ? pace.poolFill * LEAST_WARMING : 0));
  const at: Readonly<Record<Heading, number>> = {
    first: now,
    'two weeks before': timeline.twoWeeksBefore,
    'one week before': timeline.oneWeekBefore,
    'day before': timeline.dayBefore,
    'day of': dayOf,
    during: timeline.start,
    after: timeline.end,
  };
  const phases = [
    ...HEADINGS.map((name) => ({ name, at: at[name] })),
    { name: 'launch' as const, at: launchAt },
    { name: 'removal' as const, at: timeline.teardown },
    // What is overdue comes after what must be known before anything is done.
  ]
    .toSorted((a, b) => Number(b.name === 'first') - Number(a.name === 'first') || a.at - b.at)
    .map((phase) => ({ ...phase, overdue: phase.name !== 'first' && phase.at < now }));
  return {
    now,
    workshop: { id: plan.id, title: plan.title, workspace: plan.workspace, timeZone: plan.timeZone },
    timeline,
    people: { attendees: people.length, testers: plan.testers.length, guestTesters },
    phases,
    creates: creations(plan, people, guestTesters, at, launchAt),
    asks: checklistFor(plan)
      .filter(({ kind }) => kind === 'sign-off')
      .map((item) => question(item, at, now)),
    cost: estimate(plan, seats),
    capacity: azureCapacityLines(azureCapacity(plan, seats)),
    launches: launchesAssumed(plan),
    serving,
    claude: settingsInWords(plan),
    messages: whoGetsWhat(plan),
    apps: judgeAppRoom(plan, people.length),
    remains: [
      '2 volumes',
      'the policy',
      ...(plan.compute.pool.use && !plan.teardown.deletePool ? ['the pool with nothing idle'] : []),
    ],
    warnings: warningsFor({
      plan,
      people,
      duplicates,
      leftOut,
      timeline,
      now,
      guestTesters,
      serving,
      leadIsEnough: lead.enough,
      sharedNames: sharedNames(people),
      takesOver,
    }),
  };
}

const launchesAssumed = ({ compute }: Plan): readonly string[] => [
  `assumed: ${LAUNCHES_PER_SECOND} a second, because no page says how many a workspace allows; learnt from what is ` +
    `accepted and refused${compute.preProvision ? ' in the week before, for the day to be planned by' : ' on the day'}`,
];

/**
 * As the lifecycle does: asked for when its heading begins, due when the next one does, and never sooner than a while
 * after asking.
 */
function question(item: Item, at: Readonly<Record<Heading, number>>, now: number): Question {
  const next = HEADINGS[HEADINGS.indexOf(item.heading) + 1] ?? 'after';
  const askedAt = Math.max(now, at[item.heading]);
  return {
    id: item.id,
    title: item.title,
    askedAt,
    deadline: Math.max(at[next], askedAt + paceAt(1).signOff),
    blocking: item.blocking === true,
  };
}

function creations(
  plan: Plan,
  people: readonly string[],
  guests: readonly string[],
  at: Readonly<Record<Heading, number>>,
  launchAt: number,
): Creation[] {
  const { compute, unityCatalog } = plan;
  const early = at['two weeks before'];
  const nameOf = (email: string) => clusterName(plan.id, { email, key: UNKNOWN_KEY });
  const some = (emails: readonly string[]) => [
    ...emails.slice(0, NAMES_SHOWN).map(nameOf),
    ...(emails.length > NAMES_SHOWN ? ['…'] : []),
  ];
  const volumes = [unityCatalog.scripts, unityCatalog.logs];
  const others = people.filter((email) => !plan.testers.includes(email));
  return [
    {
      what: 'Unity Catalog volume',
      count: volumes.length,
      names: volumes,
      at: early,
      // Grants are for a whole volume, and a cluster writes its logs with its user's rights.
      note:
        'made if missing, and left behind; until the end, attendees can read and change all that is in the logs ' +
        'volume' +
        (plan.attendeeGroup === undefined ? '' : ', and afterwards as long as their group may'),
    },
    { what: 'cluster policy', count: 1, names: [compute.policy], at: early, note: 'made if missing, and left behind' },
    ...(compute.pool.use
      ? [
          {
            what: 'instance pool',
            count: 1,
            names: [`${NAME_PREFIX}${plan.id}-pool-<run>`],
            at: early,
            note:
              `room for ${poolCapacity(plan, seatsOf(plan, people))} machines, nothing ` +
              `idle${compute.pool.drill ? '; a drill fills it once for some minutes' : ''}; ` +
              (plan.teardown.deletePool ? 'removed afterwards' : 'kept, with nothing idle'),
          },
        ]
      : []),
    { what: 'canary cluster', count: 1, names: [nameOf('canary')], at: early, note: 'removed again at once' },
    ...(plan.testers.length > 0
      ? [
          {
            what: 'cluster for a tester',
            count: plan.testers.length,
            names: some(plan.testers),
            at: early,
            note: guests.length > 0 ? `${guests.length} of them not on the roster` : 'all of them are on the roster',
          },
        ]
      : []),
    ...(others.length > 0
      ? [
          {
            what: 'cluster for an attendee',
            count: others.length,
            names: some(others),
            at: compute.preProvision ? at['one week before'] : launchAt,
            note: compute.preProvision ? 'verified and stopped at once; started again on the day' : 'made on the day',
          },
        ]
      : []),
  ];
}
