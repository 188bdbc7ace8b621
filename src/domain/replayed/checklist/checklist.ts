import type { Hop } from '../canary/hops.ts';
import type { Plan } from '../../plan/plan.ts';

/** The headings of the facilitator guide, in order. `first` is what must be known before anything is done. */
export const HEADINGS = [
  'first',
  'two weeks before',
  'one week before',
  'day before',
  'day of',
  'during',
  'after',
] as const;
export type Heading = (typeof HEADINGS)[number];

export type ItemKind = 'check' | 'action' | 'sign-off' | 'hand-off';
export type ItemState = 'waiting' | 'running' | 'passed' | 'failed' | 'waived' | 'signed off' | 'unanswered';

/** One line of the guide, with what is known about it. */
export interface Item {
  readonly id: string;
  readonly heading: Heading;
  readonly title: string;
  readonly kind: ItemKind;
  /** Items whose result this one cannot do without. */
  readonly needs: readonly string[];
  state: ItemState;
  /** What shows that it is so: read back, measured, or said by a person. */
  evidence?: string;
  /** What a person should do next; for a hand-off the exact commands. */
  toDo?: string;
  /** Epoch milliseconds of the last change of state. */
  at?: number;
  /** Epoch milliseconds at which somebody was last asked for it. */
  askedAt?: number;
  /** Epoch milliseconds at which an unanswered sign-off turns red. */
  deadline?: number;
  by?: string;
  /** A sign-off that the plan lets hold the lifecycle. */
  blocking?: boolean;
  /** Of a canary: each hop from the worker to an answer of Claude Code, as it was last tried. */
  hops?: readonly Hop[];
}

type Line = readonly [id: string, kind: ItemKind, title: string, ...needs: string[]];

const LINES: Record<Heading, readonly (Line | ((plan: Plan) => Line | undefined))[]> = {
  first: [
    ['rights', 'check', 'What the worker itself may do in the workspace'],
    ['enrol', 'action', 'Enrol everybody on the roster'],
  ],
  'two weeks before': [
    ['volumes', 'action', 'Volumes for scripts and logs exist'],
    ['scripts', 'action', 'Init script uploaded to its Unity Catalog volume', 'volumes'],
    ['policy', 'action', 'Cluster policy exists'],
    (plan) => (plan.compute.pool.use ? ['pool', 'action', 'Instance pool exists, with nothing idle'] : undefined),
    (plan) =>
      plan.attendeeGroup
        ? ['grants', 'action', 'The attendee group may read scripts and write logs', 'volumes']
        : undefined,
    ['endpoint', 'check', 'Model Serving answers'],
    (plan) =>
      plan.serving.limits
        ? ['serving-capacity', 'check', 'Model Serving limits suffice for everybody', 'enrol']
        : ['serving-capacity', 'sign-off', 'Model Serving limits suffice for everybody (the plan does not give them)'],
    (plan) =>
      plan.compute.pool.use && plan.compute.pool.drill
        ? ['capacity', 'check', 'Capacity drill: the cloud hands out a VM for everybody', 'pool', 'enrol']
        : ['capacity', 'sign-off', 'Cloud quota and subnet are large enough for everybody'],
    [
      'canary',
      'check',
      'Canary: a cluster boots, and what can be tried on it works',
      'scripts',
      'policy',
      'pool',
      'grants',
    ],
    (plan) => (plan.testers.length > 0 ? ['testers', 'action', 'Testers have their clusters', 'canary'] : undefined),
    ['proxy', 'sign-off', "ssh <alias> check-claude works through the corporate proxy, from a tester's laptop"],
  ],
  'one week before': [
    ['people', 'check', 'Everybody on the roster has access to the workspace', 'enrol'],
    (plan) =>
      plan.compute.preProvision
        ? ['pre-provision', 'action', 'Clusters created, verified and stopped', 'canary', 'enrol']
        : undefined,
    ['access', 'check', 'Everybody may use their cluster, the pool, the volumes and the endpoint', 'enrol'],
    ['letters', 'action', 'Instructions sent to everybody', 'enrol'],
    ['support-channel', 'sign-off', 'Support channel (Slack or Teams) is set up'],
  ],
  'day before': [
    ['unchanged', 'check', 'Scripts, policy, pool and credentials are as they were', 'scripts', 'policy', 'pool'],
    (plan) => (plan.compute.pool.use ? ['pool-warms', 'check', 'The instance pool really warms', 'pool'] : undefined),
    [
      'canary-again',
      'check',
      'Canary again: a cluster boots, and what can be tried on it works',
      'scripts',
      'policy',
      'pool',
      'grants',
    ],
    ['endpoint-responsive', 'check', 'Model Serving is responsive'],
    (plan) =>
      plan.testers.length > 0 ? ['testers-again', 'action', "Testers' clusters run again", 'canary'] : undefined,
    ['windows-zscaler', 'sign-off', 'Tested from a Windows machine with ZScaler'],
  ],
  'day of': [
    (plan) =>
      plan.compute.pool.use
        ? ['warm-pool', 'action', 'Instance pool warmed for everybody', 'pool', 'enrol']
        : undefined,
    (plan) =>
      plan.compute.pool.use
        ? ['spares', 'action', 'Pool minimum lowered to the spares, before the first start', 'pool']
        : undefined,
    ['clusters', 'action', "Everybody's cluster runs before the start", 'canary', 'enrol'],
    ['checks', 'check', "Everybody's cluster looked at, as its attendee, in the last quarter of an hour", 'enrol'],
    ['support-staff', 'sign-off', 'Support staff are ready for setup issues'],
  ],
  during: [['watch', 'action', 'Clusters watched, broken ones repaired', 'enrol']],
  after: [
    ['feedback', 'action', 'Feedback letter sent'],
    ['saved', 'action', "Files outside people's work folders saved, where a cluster still runs"],
    ['teardown', 'action', 'Clusters and pool removed'],
    ['proof', 'check', 'Proof: two empty listings'],
    ['report', 'action', 'Report written'],
  ],
};

/** The guide's checklist for this plan, nothing done yet. Needs that the plan switches off are dropped. */
export function checklistFor(plan: Plan): Item[] {
  const lines = HEADINGS.flatMap((heading) =>
    LINES[heading].flatMap((entry) => {
      const line = typeof entry === 'function' ? entry(plan) : entry;
      return line ? [{ heading, line }] : [];
    }),
  );
  const present = new Set(lines.map(({ line: [id] }) => id));
  return lines.map(({ heading, line: [id, kind, title, ...needs] }) => ({
    id,
    heading,
    title,
    kind,
    needs: needs.filter((need) => present.has(need)),
    state: 'waiting',
    ...(kind === 'sign-off' && plan.blocking.includes(id) ? { blocking: true } : {}),
  }));
}

/** The ids that `blocking` in a plan may name. */
export function signOffIds(plan: Plan): string[] {
  return checklistFor(plan)
    .filter((item) => item.kind === 'sign-off')
    .map((item) => item.id);
}

/** True once nothing more is wanted for what depends on this item. */
export const isDone = (item: Item): boolean =>
  item.state === 'passed' || item.state === 'waived' || item.state === 'signed off';

/** True for an item that a person may answer: what they were asked, and what can be measured, which counts for more than what is computed. */
export const takesAnswer = ({ kind, id }: Pick<Item, 'kind' | 'id'>): boolean =>
  kind === 'sign-off' || id === 'serving-capacity';

/** True for an item that only a person can bring on. */
export const isForAPerson = (item: Item): boolean => item.kind === 'sign-off' || item.kind === 'hand-off';
