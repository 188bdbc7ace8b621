import { isCancellation, uuid4 } from '@temporalio/workflow';
import type { JobOutcome, JobRequest } from '../../activities/clusters/cluster-jobs.ts';
import type { InitScriptEvidence } from '../../activities/clusters/init-script-evidence.ts';
import { checkSaid, diagnoseCheck, wantsAccessAgain } from '../../domain/replayed/diagnosis/check-diagnosis.ts';
import type { Diagnosis } from '../../domain/replayed/diagnosis/diagnosis.ts';
import type { Proof, Saved, Seat } from '../../domain/replayed/seat/seat.ts';
import type { Calls } from '../shared/calls.ts';
import { troubleOf } from '../shared/failures.ts';
import type { Setting } from '../shared/setting.ts';

/** Hundreds of seats travel together: enough to know what it was about. */
const LONGEST = 240;
const clipped = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

const NOT_AS_THEM: JobOutcome = { ran: false, why: 'the plan says verifyAs: events, so nothing runs in their name' };

/** What a visit to somebody's cluster brought, before it is judged. */
export interface Visit {
  readonly at: number;
  readonly outcome: JobOutcome;
  /** What the events told beforehand. */
  readonly events: string | undefined;
  readonly saved: Saved;
}

/** What came of looking at somebody's cluster. */
export interface Looked {
  readonly proof: Proof;
  readonly trouble: Diagnosis | undefined;
  /** Some right of the person is missing after all. */
  readonly accessIsMissing: boolean;
}

/** Sees what a person would see on their cluster, and saves what they made there. */
export class ClusterLooks {
  readonly #setting: Setting;
  readonly #calls: Calls;

  constructor(setting: Setting, calls: Calls) {
    this.#setting = setting;
    this.#calls = calls;
  }

  /**
   * Looks by a job in the owner's name, and saves their work on the way. At the first look the events come first: they
   * tell best why an init script failed.
   */
  async visit(seat: Seat, step: 'verify' | 'check'): Promise<Visit> {
    const at = notBefore(seat.due?.check);
    const { gathers = false, plan } = this.#setting;
    const together = gathers && plan.verifyAs !== 'events';
    const apart = step === 'verify' && !together ? await this.#events(seat) : undefined;
    const evidence = together ? (step === 'verify' ? 'first' : 'if needed') : undefined;
    const outcome = await this.#runJob(seat, { check: true, save: true, ...(evidence ? { evidence } : {}) });
    const events = outcome.evidence ? inWords(outcome.evidence) : apart;
    return { at, outcome, events, saved: savedBy(outcome, notBefore(seat.due?.save)) };
  }

  /** What a visit shows; where no job could run, the cluster's events have to do. */
  async judge(seat: Seat, { at, outcome, events }: Visit): Promise<Looked> {
    const report = outcome.ran ? outcome.report : undefined;
    const check = report?.check ?? undefined;
    const cli = report?.seeded;
    const trouble = check ? diagnoseCheck(check) : undefined;
    const cliIsThere = cli ? ['seeded', 'there'].includes(cli.state) : undefined;
    const because = outcome.ran ? 'the job said nothing of check-claude' : outcome.why;
    const seen = check ? (trouble?.cause ?? checkSaid(check)) : `${events ?? (await this.#events(seat))}; ${because}`;
    return {
      proof: {
        kind: check ? 'attendee' : 'events',
        at,
        ok: trouble === undefined,
        said: clipped(cliIsThere === false ? `${cli?.said ?? ''} ${seen}` : seen),
        ...(cliIsThere === undefined ? {} : { seeded: cliIsThere }),
      },
      trouble,
      accessIsMissing: check !== undefined && wantsAccessAgain(check),
    };
  }

  /** Saves what lies outside the person's work folder. It never fails: what could not be saved is said. */
  async save(seat: Seat): Promise<Saved> {
    const at = notBefore(seat.due?.save);
    try {
      return savedBy(await this.#runJob(seat, { check: false, save: true }), at);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return savedBy({ ran: false, why: troubleOf(error).message }, at);
    }
  }

  async #runJob({ cluster, person }: Seat, what: Pick<JobRequest, 'check' | 'save' | 'evidence'>): Promise<JobOutcome> {
    const { run, plan, pace } = this.#setting;
    if (plan.verifyAs === 'events' || !cluster || !person) return NOT_AS_THEM;
    return this.#calls.runOnCluster(run, {
      plan,
      clusterId: cluster.id,
      userName: person.userName,
      ...what,
      ...(what.check ? { seedCli: plan.databricksCli?.version } : {}),
      token: uuid4(),
      limitMs: pace.job,
      pollMs: pace.watchJobs,
    });
  }

  async #events({ cluster }: Seat): Promise<string> {
    const { run, plan } = this.#setting;
    return inWords(await this.#calls.verifyCluster(run, { plan, clusterId: cluster?.id ?? '' }));
  }
}

const inWords = ({ scripts, seen }: InitScriptEvidence): string =>
  `${scripts} init script(s) succeeded${seen === 'log' ? ' by their log' : ''}`;

/**
 * Now, or what was asked for if that is later: clocks of two workflows may be apart, and what was done is not to be
 * done for ever.
 */
const notBefore = (due: number | undefined): number => Math.max(Date.now(), due ?? 0);

function savedBy(outcome: JobOutcome, at: number): Saved {
  if (!outcome.ran) {
    return { state: outcome.asleep ? 'asleep' : 'unseen', at, files: 0, said: clipped(outcome.why) };
  }
  const { saved } = outcome.report;
  if (!saved) return { state: 'failed', at, files: 0, said: 'the job said nothing of it' };
  const { state, files, kept, left, said } = saved;
  return { state, at, files, kept: kept === true, left: left ?? 0, said: clipped(said) };
}
