import type { AppPlan } from '../../plan/fields/apps.ts';
import type { Plan } from '../../plan/plan.ts';

/** A plan from before apps had a place in it has none. */
type AppsOfPlan = Pick<Plan, 'workspace'> & Partial<Pick<Plan, 'apps'>>;

/** Whether the workspace has room for the apps of a workshop. */
export interface AppRoom {
  readonly wanted: number;
  /** How many the workspace holds. */
  readonly limit: number;
  /** How many are there already, stopped ones and those that are being deleted too; undefined: nobody has looked. */
  readonly there?: number | undefined;
  readonly isEnough: boolean;
  /** What helps where it is not, the surest first. */
  readonly remedies: readonly string[];
}

/** docs/facts/apps.md section 2: fixed, on each cloud. */
const APPS_OF_A_WORKSPACE = 100;
const APPS_ON_GOOGLE_CLOUD = 50;

/** How many apps the workspace of this plan holds. */
export function appLimit({ workspace, apps }: AppsOfPlan): number {
  const isGoogle = /\.gcp\.databricks\.com$/i.test(new URL(workspace).hostname);
  return apps?.limit ?? (isGoogle ? APPS_ON_GOOGLE_CLOUD : APPS_OF_A_WORKSPACE);
}

/** How many apps a workshop makes. */
export function appsWanted(apps: AppPlan | undefined, people: number): number {
  if (apps === undefined || apps.way === 'none') return 0;
  if (apps.way === 'local') return Math.min(apps.showcase, people);
  return apps.way === 'team' ? Math.ceil(people / apps.teamSize) : people;
}

/**
 * Whether everybody's apps fit beside those that are there.
 * @param people who build one
 * @param there apps in the workspace now; undefined where it was not asked
 */
export function judgeAppRoom(plan: AppsOfPlan, people: number, there?: number): AppRoom {
  const wanted = appsWanted(plan.apps, people);
  const limit = appLimit(plan);
  const free = Math.max(0, limit - (there ?? 0));
  const isEnough = wanted <= free;
  return { wanted, limit, there, isEnough, remedies: isEnough ? [] : remedies(people, free, there) };
}

/** Beyond that it is no team. */
const LARGEST_TEAM = 50;
/** Enough to be shown in the room. */
const SHOWCASE = 5;

function remedies(people: number, free: number, there: number | undefined): string[] {
  const team = free > 0 ? Math.max(2, Math.ceil(people / free)) : Infinity;
  const showcase = Math.min(free, SHOWCASE);
  return [
    'Nobody can have the number raised.',
    ...(team <= LARGEST_TEAM
      ? [`An app for each team fits, with ${team} people or more in each: apps: {way: team, teamSize: ${team}}.`]
      : []),
    `Or everybody shows theirs on their own cluster, and ${showcase} become apps: ` +
      `apps: {way: local, showcase: ${showcase}}.`,
    ...(there !== undefined && there > 0
      ? [
          'Or apps that nobody needs are deleted (databricks apps list; databricks apps delete <name>); a deleted ' +
            'one keeps its place for up to 20 minutes.',
        ]
      : []),
  ];
}

/** `140 apps are wanted, and the workspace holds 100, of which 12 are there`. */
export function appRoomWords({ wanted, limit, there }: AppRoom): string {
  const known = there === undefined ? '' : `, of which ${there} ${there === 1 ? 'is' : 'are'} there`;
  return `${wanted} ${wanted === 1 ? 'app is' : 'apps are'} wanted, and the workspace holds ${limit}${known}`;
}
