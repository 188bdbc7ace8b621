import { isCancellation, uuid4 } from '@temporalio/workflow';
import type { JobOutcome } from '../activities/cluster-jobs.ts';
import { checkSaid, diagnoseCheck } from '../domain/check-diagnosis.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Seat } from '../domain/seat.ts';
import type { Calls } from './calls.ts';
import { troubleOf } from './failures.ts';
import type { Setting } from './setting.ts';

const NOT_AS_THEM: JobOutcome = { ran: false, why: 'the plan says verifyAs: events, so nothing runs in their name' };

/** Ways to see what a person would see on their cluster, and to save what they made there. What was seen goes into the seat. */
export function eyesOn(seat: Seat, { run, plan, pace }: Setting, calls: Calls) {
  const runJob = async (wish: { readonly check: boolean; readonly save: boolean }): Promise<JobOutcome> => {
    const { cluster, person } = seat;
    if (plan.verifyAs === 'events' || !cluster || !person) return NOT_AS_THEM;
    return calls.jobs.runOnCluster(run, { plan, clusterId: cluster.id, userName: person.userName, ...wish, seedCli: plan.databricksCli?.version, token: uuid4(), limitMs: pace.job, pollMs: pace.watchJobs });
  };

  const events = async (): Promise<string> => {
    const { scripts, seen } = await calls.short.verifyCluster(run, { plan, clusterId: seat.cluster?.id ?? '', launchedAt: seat.cluster?.launchedAt ?? 0 });
    return `${scripts} init script(s) succeeded${seen === 'log' ? ' by their log' : ''}`;
  };

  const keep = (at: number, outcome: JobOutcome): void => {
    const found = outcome.ran ? outcome.report.saved : undefined;
    if (found) seat.saved = { state: found.state, at, files: found.files, said: found.said };
    else if (outcome.ran) seat.saved = { state: 'failed', at, files: 0, said: 'the job said nothing of it' };
    else seat.saved = { state: outcome.asleep ? 'asleep' : 'unseen', at, files: 0, said: outcome.why };
  };

  return {
    /**
     * Looks at the cluster with its owner's eyes; where that cannot be, its events have to do. At the first look the events come
     * first: they tell best why an init script failed. Returns what is wrong.
     */
    async look(step: 'verify' | 'check'): Promise<Diagnosis | undefined> {
      const at = Date.now();
      const told = step === 'verify' ? await events() : undefined;
      const outcome = await runJob({ check: true, save: true });
      const check = outcome.ran ? outcome.report.check : undefined;
      keep(at, outcome);
      const found = check ? diagnoseCheck(check) : undefined;
      seat.proof = check
        ? { kind: 'attendee', at, ok: found === undefined, said: found?.cause ?? checkSaid(check) }
        : { kind: 'events', at, ok: true, said: `${told ?? (await events())}; ${outcome.ran ? 'the job said nothing of check-claude' : outcome.why}` };
      if (seat.cluster && !found) seat.cluster.verified = true;
      return found;
    },

    /** Saves what lies outside the person's work folder. It never fails: what could not be saved is said. */
    async save(): Promise<void> {
      const at = Date.now();
      try {
        keep(at, await runJob({ check: false, save: true }));
      } catch (error) {
        if (isCancellation(error)) throw error;
        keep(at, { ran: false, why: troubleOf(error).message });
      }
    },
  };
}
