import type { Item, ItemState } from '../replayed/checklist/item.ts';
import { HEADINGS, type Heading } from '../replayed/checklist/lines.ts';
import type { PartProgress, Progress } from '../replayed/checklist/progress.ts';
import type { KnownEvent } from '../replayed/event/event.ts';
import { addTotals } from '../replayed/seat/totals.ts';

/** What a part of an event answered, or why it did not. */
export interface AnsweredPart {
  readonly name: string;
  readonly id: string;
  readonly answer: Progress | { readonly silence: string };
}

/** Of many workspaces that want the same of somebody, so many are told in full. */
const MOST_TO_DO = 3;

/** The least first: what a person must look at comes before what only takes its time. */
const LEAST: readonly ItemState[] = ['failed', 'unanswered', 'waiting', 'running', 'waived', 'signed off', 'passed'];

/**
 * One picture of all workshops of an event: totals are summed, and a line is as far as its least part. One that did not
 * answer is named among the parts and counts nowhere else.
 * @returns undefined where none answered
 */
export function mergedProgress({ id, title }: KnownEvent, parts: readonly AnsweredPart[]): Progress | undefined {
  const told = parts.flatMap(({ name, answer }) => ('silence' in answer ? [] : [{ name, progress: answer }]));
  const all = told.map(({ progress }) => progress);
  const [first] = all;
  if (first === undefined) return undefined;
  const running = all.filter(({ status }) => status !== 'finished');
  const beside = all.flatMap((one) => (one.beside ? [one.beside] : []));
  const paused = all.map((one) => one.paused);
  const cancelled = all.map((one) => one.cancelled);
  return {
    v: 1,
    workshop: { id, title, runId: id },
    heading: leastHeading(running.length > 0 ? running : all),
    status:
      running.length === 0
        ? 'finished'
        : running.every(({ status }) => status === 'cancelling')
          ? 'cancelling'
          : 'running',
    start: Math.min(...all.map(({ start }) => start)),
    end: Math.max(...all.map(({ end }) => end)),
    checklist: mergedItems(told, parts.length),
    attendees: addTotals(all.map(({ attendees }) => attendees)),
    refused: all.flatMap(({ refused }) => refused).toSorted((a, b) => a.at - b.at),
    cohorts: all.reduce((sum, { cohorts }) => sum + cohorts, 0),
    ...(all.some(({ sends }) => sends) ? { sends: true } : {}),
    // What holds only for some is said beside those.
    ...(paused.every((one) => one !== undefined) && paused[0] ? { paused: paused[0] } : {}),
    ...(cancelled.every((one) => one !== undefined) && cancelled[0] ? { cancelled: cancelled[0] } : {}),
    ...(beside.length === 0
      ? {}
      : {
          beside: {
            clusterUpMs: beside.reduce((sum, { clusterUpMs }) => sum + clusterUpMs, 0),
            poolIdleMs: beside.reduce((sum, { poolIdleMs }) => sum + poolIdleMs, 0),
            appsUpMs: beside.reduce((sum, { appsUpMs = 0 }) => sum + appsUpMs, 0),
          },
        }),
    parts: parts.map(partProgress),
  };
}

function partProgress({ name, id, answer }: AnsweredPart): PartProgress {
  if ('silence' in answer) return { name, id, silence: answer.silence };
  const { heading, status, attendees, checklist, paused } = answer;
  return {
    name,
    id,
    heading,
    status,
    people: attendees.attendees,
    ready: attendees.byState.ready ?? 0,
    failed: checklist.filter(({ state }) => state === 'failed').length,
    unanswered: checklist.filter(({ state }) => state === 'unanswered').length,
    ...(paused ? { isPaused: true } : {}),
  };
}

const leastHeading = (all: readonly Progress[]): Heading =>
  HEADINGS[Math.min(...all.map(({ heading }) => HEADINGS.indexOf(heading)))] ?? 'first';

function mergedItems(told: readonly { readonly name: string; readonly progress: Progress }[], parts: number): Item[] {
  const byId = Map.groupBy(
    told.flatMap(({ name, progress }) => progress.checklist.map((item) => ({ name, item }))),
    ({ item }) => item.id,
  );
  // In the order of the guide: a line that only some have stands under its heading.
  return HEADINGS.flatMap((heading) =>
    [...byId.values()].filter(([one]) => one?.item.heading === heading).map((those) => mergedItem(those, parts)),
  );
}

function mergedItem(those: readonly { readonly name: string; readonly item: Item }[], parts: number): Item {
  const rank = ({ item }: { readonly item: Item }) => LEAST.indexOf(item.state);
  const [least] = those.toSorted((a, b) => rank(a) - rank(b));
  if (least === undefined) throw new Error('a line of no workspace');
  const done = those.filter(({ item }) => isDone(item.state)).length;
  const isLeast = those.filter(({ item }) => item.state === least.item.state);
  const said = isLeast.flatMap(({ name, item }) => (item.evidence ? [`${name}: ${item.evidence}`] : []));
  const wanted = isLeast.flatMap(({ name, item: { toDo } }) => (toDo ? [{ name, toDo }] : []));
  const isSame = new Set(wanted.map(({ toDo }) => toDo)).size === 1 && wanted.length === those.length;
  const toDo = isSame
    ? wanted.slice(0, 1).map((one) => one.toDo)
    : wanted.slice(0, MOST_TO_DO).map((one) => `${one.name}: ${one.toDo}`);
  const { evidence: _, toDo: __, ...item } = least.item;
  const words = [
    ...(done > 0 ? [`${done} of ${parts} workspaces`] : []),
    // Of what is done everywhere, one example; of what is not, everybody's own trouble.
    ...(isDone(item.state) ? said.slice(0, 1) : said),
  ];
  return {
    ...item,
    ...(words.length > 0 ? { evidence: words.join('; ') } : {}),
    ...(toDo.length > 0 ? { toDo: toDo.join('\n') } : {}),
  };
}

const isDone = (state: ItemState): boolean => LEAST.indexOf(state) >= LEAST.indexOf('waived');
