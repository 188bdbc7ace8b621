import { invalidParameter } from '../http/errors.ts';
import type { JobSettings } from './job-settings.ts';
import type { Principal } from '../identity/principals.ts';

export interface Job {
  readonly id: number;
  /** Order of creation. */
  readonly order: number;
  readonly creator: Principal;
  readonly createdAt: number;
  runAs: Principal;
  settings: JobSettings;
}

/** The jobs of the workspace: settings that wait for somebody to run them. Schedules and triggers are kept and never fire. */
export class Jobs {
  readonly #jobs = new Map<number, Job>();
  #order = 0;

  create(id: number, settings: JobSettings, creator: Principal, runAs: Principal, at: number): Job {
    const job: Job = { id, order: this.#order++, creator, createdAt: at, runAs, settings };
    this.#jobs.set(id, job);
    return job;
  }

  /** @throws 400, not 404, as the jobs API has always answered it (facts/databricks.md section 11). */
  get(id: number): Job {
    const job = this.#jobs.get(id);
    if (!job) throw invalidParameter(`Job ${id} does not exist.`);
    return job;
  }

  /** Oldest first. */
  all(): Iterable<Job> {
    return this.#jobs.values();
  }

  remove({ id }: Job): void {
    this.#jobs.delete(id);
  }
}
