import { isCancellation, uuid4 } from '@temporalio/workflow';
import type { JobOutcome } from '../../activities/clusters/cluster-jobs.ts';
import { checkSaid, diagnoseCheck, wantsAccessAgain } from '../../domain/replayed/seat/check-diagnosis.ts';
import type { Diagnosis } from '../../domain/replayed/seat/diagnosis.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { Calls } from '../shared/calls.ts';
import { troubleOf } from '../shared/failures.ts';
import type { Setting } from '../shared/setting.ts';

/** Hundreds of seats travel together: enough to know what it was about. */
const clipped = (said: string): string => (said.length <= 240 ? said : `${said.slice(0, 239)}…`);

const NOT_AS_THEM: JobOutcome = { ran: false, why: 'the plan says verifyAs: events, so nothing runs in their name' };

/** Ways to see what a person would see on their cluster, and to save what they made there. What was seen goes into the seat. */
export function eyesOn(seat: Seat, { run, plan, pace }: Setting, calls: Calls) {
  const runJob = async (wish: { readonly check: boolean; readonly save: boolean }): Promise<JobOutcome> => {
    const { cluster, person } = seat;
    if (plan.verifyAs === 'events' || !cluster || !person) return NOT_AS_THEM;
    return calls.jobs.runOnCluster(run, {
      plan,
      clusterId: cluster.id,
      userName: person.userName,
      ...wish,
      ...(wish.check ? { seedCli: plan.databricksCli?.version } : {}),
      token: uuid4(),
      limitMs: pace.job,
      pollMs: pace.watchJobs,
    });
  };

  const events = async (): Promise<string> => {
    const { scripts, seen } = await calls.short.verifyCluster(run, {
      plan,
      clusterId: seat.cluster?.id ?? '',
      launchedAt: seat.cluster?.launchedAt ?? 0,
    });
    return `${scripts} init script(s) succeeded${seen === 'log' ? ' by their log' : ''}`;
  };

  /** Now, or what was asked for if that is later: clocks of two workflows may be apart, and what was done is not to be done for ever. */
  const now = (due: number | undefined): number => Math.max(Date.now(), due ?? 0);

  const keep = (at: number, outcome: JobOutcome): void => {
    const found = outcome.ran ? outcome.report.saved : undefined;
    // What was saved once is still there when nothing is left to save.
    if (found?.state === 'nothing' && seat.saved?.state === 'saved') seat.saved = { ...seat.saved, at };
    else if (found)
      seat.saved = {
        state: found.state,
        at,
        files: found.files,
        kept: found.kept === true,
        left: found.left ?? 0,
        said: clipped(found.said),
      };
    else if (outcome.ran) seat.saved = { state: 'failed', at, files: 0, said: 'the job said nothing of it' };
    else seat.saved = { state: outcome.asleep ? 'asleep' : 'unseen', at, files: 0, said: clipped(outcome.why) };
  };

  return {
    /**
     * Looks at the cluster with its owner's eyes; where that cannot be, its events have to do. At the first look the events come
     * first: they tell best why an init script failed. Returns what is wrong.
     */
    async look(step: 'verify' | 'check'): Promise<Diagnosis | undefined> {
      const at = now(seat.due?.check);
      const told = step === 'verify' ? await events() : undefined;
      const outcome = await runJob({ check: true, save: true });
      const check = outcome.ran ? outcome.report.check : undefined;
      keep(now(seat.due?.save), outcome);
      const found = check ? diagnoseCheck(check) : undefined;
      const seeded = outcome.ran ? outcome.report.seeded : undefined;
      const isSeeded = seeded ? ['seeded', 'there'].includes(seeded.state) : undefined;
      const said = check
        ? (found?.cause ?? checkSaid(check))
        : `${told ?? (await events())}; ${outcome.ran ? 'the job said nothing of check-claude' : outcome.why}`;
      seat.proof = {
        kind: check ? 'attendee' : 'events',
        at,
        ok: found === undefined,
        said: clipped(isSeeded === false ? `${seeded?.said ?? ''} ${said}` : said),
        ...(isSeeded === undefined ? {} : { seeded: isSeeded }),
      };
      if (seat.cluster && !found) seat.cluster.verified = true;
      if (check && wantsAccessAgain(check)) seat.access = false;
      return found;
    },

    /** Saves what lies outside the person's work folder. It never fails: what could not be saved is said. */
    async save(): Promise<void> {
      const at = now(seat.due?.save);
      try {
        keep(at, await runJob({ check: false, save: true }));
      } catch (error) {
        if (isCancellation(error)) throw error;
        keep(at, { ran: false, why: troubleOf(error).message });
      }
    },
  };
}
