import type { Case } from './area.ts';

/** A case's instructions with everything around them. */
export interface Order {
  /** Cases of one area share what the client remembers. */
  readonly area: string;
  readonly script: string;
  readonly folder: string;
  /** All of the environment: nothing of this machine's own settings reaches the client. */
  readonly env: Readonly<Record<string, string>>;
}

/** A client that nobody here wrote. */
export interface Client {
  /** Name and version, for people. */
  readonly name: string;
  /** What holds unless a case says otherwise, such as exit code 0. */
  readonly usual: Readonly<Record<string, unknown>>;
  /** Why this case cannot be tried here; undefined when it can. */
  lacks(one: Case): string | undefined;
  run(order: Order): Promise<Record<string, unknown>>;
  close(): void;
}

/** A client that is not on this machine, and why. Its cases are skipped by name. */
export interface AbsentClient {
  readonly name: string;
  readonly absent: string;
}
