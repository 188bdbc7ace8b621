import { setCurrentDetails } from '@temporalio/workflow';
import type { Checklist } from '../../domain/replayed/checklist/checklist.ts';
import type { Item, ItemState } from '../../domain/replayed/checklist/item.ts';
import type { LifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Totals } from '../../domain/replayed/seat/totals.ts';

/** The part of a lifecycle that is shown. */
export interface Shown {
  readonly plan: Pick<Plan, 'id' | 'title'> & Partial<Pick<Plan, 'messages'>>;
  readonly run: { readonly runId: string };
  readonly timeline: { readonly start: number; readonly end: number };
  readonly state: Pick<LifecycleState, 'heading' | 'cancelled' | 'refused' | 'paused'> &
    Partial<Pick<LifecycleState, 'canaryUpMs' | 'poolIdleMs' | 'teardown' | 'apps'>>;
  readonly checklist: Checklist;
  readonly crowd: { readonly cohorts: number; totals(): Totals };
}

/** Temporal's own page takes no more than this, in characters. */
const LONGEST_DETAILS = 15_000;
const LONGEST_EVIDENCE = 120;
const LONGEST_TROUBLE = 1_000;

/** What the `progress` query answers. */
export function progressOf(w: Shown): Progress {
  return {
    v: 1,
    workshop: { id: w.plan.id, title: w.plan.title, runId: w.run.runId },
    heading: w.state.heading,
    status: w.checklist.isDone('report') ? 'finished' : w.state.cancelled ? 'cancelling' : 'running',
    start: w.timeline.start,
    end: w.timeline.end,
    checklist: w.checklist.items,
    attendees: w.crowd.totals(),
    refused: w.state.refused,
    cohorts: w.crowd.cohorts,
    ...(w.plan.messages ? { sends: true } : {}),
    beside: besideSeats(w.state),
    ...(w.state.paused ? { paused: w.state.paused } : {}),
    ...(w.state.cancelled ? { cancelled: w.state.cancelled } : {}),
  };
}

const besideSeats = ({ canaryUpMs = 0, teardown, poolIdleMs = 0, apps }: Shown['state']) => ({
  clusterUpMs: canaryUpMs + (teardown?.upMs ?? 0),
  poolIdleMs,
  ...(apps?.upMs === undefined ? {} : { appsUpMs: apps.upMs }),
});

const MARK: Readonly<Record<ItemState, string>> = {
  waiting: '☐',
  running: '…',
  passed: '✔',
  failed: '✘',
  waived: '➖',
  'signed off': '✔',
  unanswered: '❗',
};

/** What failed is said whole, with what to do; of all else the evidence does. */
function saidOf({ state, evidence, toDo }: Item): string {
  if (state !== 'failed') return evidence ? ` (${evidence.slice(0, LONGEST_EVIDENCE)})` : '';
  const next = (toDo ?? '').slice(0, LONGEST_TROUBLE).split('\n');
  return [evidence ? `: ${evidence.slice(0, LONGEST_TROUBLE)}` : '', ...next.map((line) => `    - ${line}`)].join('\n');
}

/** Keeps the Temporal UI's own page readable. */
export function describe(w: Shown): void {
  const { attendees, byState } = w.crowd.totals();
  const states = Object.entries(byState)
    .map(([state, n]) => `${n} ${state}`)
    .join(', ');
  const lines = w.checklist.items.map((item) => `- ${MARK[item.state]} ${item.title}${saidOf(item)}`);
  const page = `## ${w.plan.title}: ${w.state.heading}\n\n${attendees} attendees: ${states}\n\n${lines.join('\n')}`;
  setCurrentDetails(page.slice(0, LONGEST_DETAILS));
}
