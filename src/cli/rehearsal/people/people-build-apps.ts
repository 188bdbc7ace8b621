import type { Sandbox } from '../../../../sandbox/index.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import { appsWanted } from '../../../domain/replayed/capacity/app-room.ts';
import type { Progress } from '../../../domain/replayed/checklist/progress.ts';

/** In a rehearsal people build apps, too: as many as the plan means to make, once the workshop has begun. */
export class PeopleBuildApps {
  readonly #sandbox: Pick<Sandbox, 'url' | 'tokenFor'>;
  readonly #builders: readonly string[];
  readonly #say: (line: string) => void;
  #began = false;

  constructor(
    sandbox: Pick<Sandbox, 'url' | 'tokenFor'>,
    { plan, people }: { readonly plan: Pick<Plan, 'apps'>; readonly people: readonly string[] },
    say: (line: string) => void,
  ) {
    this.#sandbox = sandbox;
    this.#builders = people.slice(0, appsWanted(plan.apps, people.length));
    this.#say = say;
  }

  /** Looks whether the workshop has begun. What the workspace refuses is said in its words, and is not tried again. */
  async consider({ heading }: Pick<Progress, 'heading'>): Promise<void> {
    if (this.#began || heading !== 'during') return;
    this.#began = true;
    for (const [n, email] of this.#builders.entries()) {
      const answer = await fetch(`${this.#sandbox.url}/api/2.0/apps`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#sandbox.tokenFor(email)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `rehearsed-${n + 1}` }),
      });
      if (!answer.ok) this.#say(`${email} could not make an app: ${answer.status} ${await answer.text()}`);
    }
  }
}
