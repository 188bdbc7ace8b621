import type { Plan } from '../../plan/plan.ts';
import { seatKey } from '../seat/seat-key.ts';
import { amendmentOf, askedOtherwise, planTakenOver, type Amended } from './amendment.ts';
import { isDone, type Item } from './item.ts';
import type { LifecycleState } from './lifecycle-state.ts';
import type { CanaryByHandId } from './added-lines.ts';
import type { LineId } from './lines.ts';

/** What a lifecycle that takes an earlier one's run over says it keeps. */
export interface Kept {
  /** People who have a seat, or wait for one. */
  readonly people: number;
  /** Of these, the ones who are not on the roster that was given. */
  readonly addedLate: number;
  /** On that roster, but removed from the workshop since. */
  readonly removed: number;
  /** Lines that somebody answered or waived. */
  readonly answers: number;
}

/**
 * The state that a lifecycle begins with which takes an earlier one's run over. Seats, people who were added or removed
 * later, what people answered and what was spent stay as they were; whatever can be looked at again is looked at again.
 * @param fresh the state of a lifecycle that begins anew
 * @param before what the earlier one knew last
 * @param start epoch milliseconds: letters that name another are written anew
 */
export function adoptedState(
  fresh: LifecycleState,
  before: LifecycleState,
  about: {
    readonly runId: string;
    readonly start: number;
    readonly startBefore: number;
    /** The cohorts have not been told to release their people, and look after them still, or will again. */
    readonly cohortsStay: boolean;
    /** What the plan's file says now, and what the earlier lifecycle began with where that is known. */
    readonly file: Plan;
    readonly began: Plan | undefined;
    /** Addresses that the cohorts knew last. */
    readonly known: readonly string[];
  },
): { readonly state: LifecycleState; readonly kept: Kept } {
  const { runId, start, startBefore, cohortsStay, known } = about;
  const seats = cohortsStay ? before.seats : {};
  const isSeated = (email: string) => seats[seatKey(runId, email)] !== undefined;
  const isOut = (email: string) => before.takenOut?.[seatKey(runId, email)] !== undefined;
  const toEnrol = [...new Set([...before.toEnrol, ...fresh.toEnrol, ...known])].filter(
    (email) => !isSeated(email) && !isOut(email),
  );
  const amended = amendedAgain(before.amended, about);
  const asked = askedOtherwise(fresh.items, amended?.plan ?? about.file);
  const items = fresh.items.flatMap((item) => [
    answered(item.id === asked?.id ? { ...asked, state: item.state } : item, before.items),
    ...before.items.filter((line) => CANARIES_BY_HAND[line.id] === item.id && wasAnswered(line)),
  ]);
  const people = Object.keys(seats).length + toEnrol.length;
  const listed = fresh.toEnrol.filter((email) => !isOut(email));
  // The day was asked for already: asked once more, whoever is ready would seem to have become so only now.
  const isUnderWay = cohortsStay && start === startBefore && before.launched === true;
  const startTold = start === startBefore ? before.startTold : start;
  const state: LifecycleState = {
    ...fresh,
    items,
    toEnrol,
    ...(cohortsStay ? { seats, cohorts: before.cohorts, totals: before.totals } : {}),
    ...(isUnderWay ? { launched: true, target: before.target, testersTarget: before.testersTarget } : {}),
    canaries: before.canaries,
    canariesRemoved: before.canariesRemoved,
    poolIdleMs: before.poolIdleMs,
    canaryUpMs: before.canaryUpMs,
    fillMs: before.fillMs,
    bootMs: before.bootMs,
    ...given('laptopsFetchServer', before.laptopsFetchServer),
    ...(cohortsStay ? { ...given('forgotten', before.forgotten), ...given('seatedBefore', before.seatedBefore) } : {}),
    ...given('takenOut', before.takenOut),
    ...given('canaryId', upYet(before, 'canary', before.canaryId)),
    ...given('canaryAgainId', upYet(before, 'canary-again', before.canaryAgainId)),
    ...given('details', { ...before.details, ...fresh.details }),
    ...given('startTold', startTold),
    ...given('paused', before.paused),
    ...given('amended', amended?.amended),
    ...given('cohortsStartedAgain', before.cohortsStartedAgain),
    ...given('attendeesStartedAgain', before.attendeesStartedAgain),
    ...given('launchStops', before.launchStops),
  };
  return {
    state,
    kept: {
      people,
      addedLate: Math.max(0, people - listed.length),
      removed: fresh.toEnrol.length - listed.length,
      answers: items.filter(({ by }) => by !== undefined).length,
    },
  };
}

/** The cluster of a canary that was cut short; one that came to its end was removed. */
const upYet = ({ items }: LifecycleState, id: LineId, clusterId: string | undefined): string | undefined =>
  items.some((item) => item.id === id && item.state === 'passed') ? undefined : clusterId;

/** What was amended stays so, unless the file says otherwise by now: people's workflows have to hear of both. */
function amendedAgain(
  before: Amended | undefined,
  { began, file }: { readonly began: Plan | undefined; readonly file: Plan },
): { readonly amended: Amended; readonly plan: Plan } | undefined {
  const plan = planTakenOver(began ?? file, file, before?.fields);
  const fields = amendmentOf(began ?? file, plan, before?.fields);
  return Object.keys(fields).length === 0 ? undefined : { amended: { fields, log: before?.log ?? [] }, plan };
}

/** Sign-offs that no plan has, asked for by what a canary could not try: each stands behind its canary. */
const CANARIES_BY_HAND: { readonly [line: string]: LineId } & Record<CanaryByHandId, LineId> = {
  'canary-chain': 'canary',
  'canary-chain-again': 'canary-again',
};

const wasAnswered = (line: Item): boolean => line.by !== undefined && (isDone(line) || line.state === 'failed');

/** What a person said of a line, a no too, stays said; it stays asked until when it was asked. */
function answered(item: Item, before: readonly Item[]): Item {
  const known = before.find(({ id }) => id === item.id);
  if (!known) return item;
  const { state, by, evidence, at } = known;
  const heard = { ...item, ...given('said', known.said) };
  if (!wasAnswered(known)) return heard;
  return { ...heard, state, ...given('by', by), ...given('evidence', evidence), ...given('at', at) };
}

const given = <K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
