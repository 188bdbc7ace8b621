import type { Plan } from '../../plan/plan.ts';
import type { AddedLineId } from './added-lines.ts';
import { hasPool, hasTesters, isSent, makesApps } from './what-a-plan-has.ts';

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

/** From the morning of the event on. @param page place of the heading that the guide is open at */
export const isOnTheDay = (page: number): boolean => page >= HEADINGS.indexOf('day of');

export type ItemKind = 'check' | 'action' | 'sign-off' | 'hand-off';

/** One line of the guide, as every plan has it. */
interface Line<Id extends string> {
  readonly heading: Heading;
  readonly kind: ItemKind;
  readonly title: string;
  /** Lines whose result this one cannot do without. */
  readonly needs?: readonly Id[];
  /** The plans that have this line; all of them, if not given. */
  readonly where?: (plan: Plan) => boolean;
  /** What it is called where the plan names a channel for that letter. */
  readonly sent?: { readonly letter: string; readonly title: string };
  /** Where a plan does not let the program find out, a person is asked. */
  readonly asked?: { readonly where: (plan: Plan) => boolean; readonly title: string };
}

/** A need that is no line of the table does not compile: a mistyped one would be a gate that stands open. */
const table = <Id extends string>(lines: Readonly<Record<Id, Line<NoInfer<Id>>>>) => lines;

/** Every line of the guide, in its order. */
export const LINES = table({
  rights: { heading: 'first', kind: 'check', title: 'What the worker itself may do in the workspace' },
  enrol: { heading: 'first', kind: 'action', title: 'Enrol everybody on the roster' },

  volumes: { heading: 'two weeks before', kind: 'action', title: 'Volumes for scripts and logs exist' },
  scripts: {
    heading: 'two weeks before',
    kind: 'action',
    title: 'Init script uploaded to its Unity Catalog volume',
    needs: ['volumes'],
  },
  policy: { heading: 'two weeks before', kind: 'action', title: 'Cluster policy exists' },
  pool: {
    heading: 'two weeks before',
    kind: 'action',
    title: 'Instance pool exists, with nothing idle',
    where: hasPool,
  },
  grants: {
    heading: 'two weeks before',
    kind: 'action',
    title: 'The attendee group may read scripts and write logs',
    needs: ['volumes'],
    where: (plan) => plan.attendeeGroup !== undefined,
  },
  endpoint: { heading: 'two weeks before', kind: 'check', title: 'Model Serving answers' },
  'serving-capacity': {
    heading: 'two weeks before',
    kind: 'check',
    title: 'Model Serving limits suffice for everybody',
    needs: ['enrol'],
    asked: {
      where: (plan) => plan.serving.limits === undefined,
      title: "Ask the admin: are the model's limits high enough?",
    },
  },
  capacity: {
    heading: 'two weeks before',
    kind: 'check',
    title: 'Capacity drill: the cloud hands out a VM for everybody',
    needs: ['pool', 'enrol'],
    asked: {
      where: (plan) => !hasPool(plan) || !plan.compute.pool.drill,
      title: 'Cloud quota and subnet are large enough for everybody',
    },
  },
  apps: {
    heading: 'two weeks before',
    kind: 'check',
    title: 'The workspace has room for the apps that people build',
    needs: ['enrol'],
    where: makesApps,
  },
  'apps-allowed': {
    heading: 'two weeks before',
    kind: 'sign-off',
    title: 'Ask the admin: may everybody create apps?',
    where: makesApps,
  },
  canary: {
    heading: 'two weeks before',
    kind: 'check',
    title: 'Canary: a cluster boots, and what can be tried on it works',
    needs: ['scripts', 'policy', 'pool', 'grants'],
  },
  testers: {
    heading: 'two weeks before',
    kind: 'action',
    title: 'Testers have their clusters',
    needs: ['canary'],
    where: hasTesters,
  },
  proxy: {
    heading: 'two weeks before',
    kind: 'sign-off',
    title: "ssh <alias> check-claude works through the corporate proxy, from a tester's laptop",
  },

  people: {
    heading: 'one week before',
    kind: 'check',
    title: 'Everybody on the roster has access to the workspace',
    needs: ['enrol'],
  },
  'pre-provision': {
    heading: 'one week before',
    kind: 'action',
    title: 'Clusters created, verified and stopped',
    needs: ['canary', 'enrol'],
    where: (plan) => plan.compute.preProvision,
  },
  access: {
    heading: 'one week before',
    kind: 'check',
    title: 'Everybody may use their cluster, the pool, the volumes and the endpoint',
    needs: ['enrol'],
  },
  letters: {
    heading: 'one week before',
    kind: 'action',
    title: 'Invitations written for everybody; you send them',
    sent: { letter: 'invitation', title: 'Invitations written for everybody, and on their way' },
    needs: ['enrol'],
  },
  'letters-sent': {
    heading: 'one week before',
    kind: 'sign-off',
    title: 'Letters sent by you, for the plan names no channel',
    where: (plan) => !isSent(plan),
  },
  'support-channel': {
    heading: 'one week before',
    kind: 'sign-off',
    title: 'Support channel (Slack or Teams) is set up',
  },

  unchanged: {
    heading: 'day before',
    kind: 'check',
    title: 'Scripts, policy, pool and credentials are as they were',
    needs: ['scripts', 'policy', 'pool'],
  },
  'pool-warms': {
    heading: 'day before',
    kind: 'check',
    title: 'The instance pool really warms',
    needs: ['pool'],
    where: hasPool,
  },
  'canary-again': {
    heading: 'day before',
    kind: 'check',
    title: 'Canary again: a cluster boots, and what can be tried on it works',
    needs: ['scripts', 'policy', 'pool', 'grants'],
  },
  'endpoint-responsive': { heading: 'day before', kind: 'check', title: 'Model Serving is responsive' },
  'apps-again': {
    heading: 'day before',
    kind: 'check',
    title: 'The workspace still has room for the apps that people build',
    needs: ['enrol'],
    where: makesApps,
  },
  'testers-again': {
    heading: 'day before',
    kind: 'action',
    title: "Testers' clusters run again",
    needs: ['canary'],
    where: hasTesters,
  },
  handover: {
    heading: 'day before',
    kind: 'action',
    title: 'Handover page written: how to finish without this program',
    needs: ['enrol'],
  },
  'windows-zscaler': { heading: 'day before', kind: 'sign-off', title: 'Tested from a Windows machine with ZScaler' },

  'warm-pool': {
    heading: 'day of',
    kind: 'action',
    title: 'Instance pool warmed for everybody',
    needs: ['pool', 'enrol'],
    where: hasPool,
  },
  spares: {
    heading: 'day of',
    kind: 'action',
    title: 'Pool minimum lowered to the spares, before the first start',
    needs: ['pool'],
    where: hasPool,
  },
  clusters: {
    heading: 'day of',
    kind: 'action',
    title: "Everybody's cluster runs before the start",
    needs: ['canary', 'enrol'],
  },
  checks: {
    heading: 'day of',
    kind: 'check',
    title: "Claude Code tested on everybody's cluster, in the last quarter of an hour",
    needs: ['enrol'],
  },
  'support-staff': { heading: 'day of', kind: 'sign-off', title: 'Support staff are ready for setup issues' },

  watch: { heading: 'during', kind: 'action', title: 'Clusters watched, broken ones repaired', needs: ['enrol'] },

  feedback: {
    heading: 'after',
    kind: 'action',
    title: 'Feedback letters written; you send them',
    sent: { letter: 'feedback', title: 'Feedback letters written, and on their way' },
  },
  saved: {
    heading: 'after',
    kind: 'action',
    title: "Files outside people's work folders saved, where a cluster still runs",
  },
  'apps-end': {
    heading: 'after',
    kind: 'action',
    title: 'Apps that people made: counted, and stopped or deleted where the plan wants it',
    where: makesApps,
  },
  teardown: { heading: 'after', kind: 'action', title: 'Clusters and pool removed' },
  proof: { heading: 'after', kind: 'check', title: 'Proof: two empty listings' },
  report: { heading: 'after', kind: 'action', title: 'Report written' },
});

export type GuideLineId = keyof typeof LINES;

/** Every line that a checklist may have. */
export type LineId = GuideLineId | AddedLineId;

/** The ids that `blocking` in a plan may name. */
export function signOffIds(plan: Plan): GuideLineId[] {
  return linesOf(plan)
    .filter(({ kind }) => kind === 'sign-off')
    .map(({ id }) => id);
}

/** A line as one plan has it. */
export interface PlannedLine {
  readonly id: GuideLineId;
  readonly heading: Heading;
  readonly kind: ItemKind;
  readonly title: string;
  readonly needs: readonly GuideLineId[];
}

/**
 * The lines of the guide that this plan has, in order. A need is left out only when its line is known and switched off
 * by this plan.
 * @param lines the guide's own, unless a test asks what becomes of a broken one
 * @throws {Error} for a need that no line of the guide has
 */
export function linesOf(plan: Plan, lines: Readonly<Record<string, Line<string>>> = LINES): PlannedLine[] {
  const isIn = (id: string): boolean => {
    const line = lines[id];
    if (line === undefined) throw new Error(`a line of the checklist needs "${id}", which is no line of it`);
    return line.where?.(plan) ?? true;
  };
  return Object.entries(lines)
    .filter(([id]) => isIn(id))
    .map(([id, { heading, kind, title, sent, needs = [], asked }]) => {
      const wanted = needs.filter(isIn) as GuideLineId[];
      return asked?.where(plan)
        ? { id: id as GuideLineId, heading, kind: 'sign-off', title: asked.title, needs: [] }
        : {
            id: id as GuideLineId,
            heading,
            kind,
            title: sent && isSent(plan, sent.letter) ? sent.title : title,
            needs: wanted,
          };
    });
}
