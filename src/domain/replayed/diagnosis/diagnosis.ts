import { classOf, type Remedy } from './failure-classes.ts';
import { meaningOfExit } from './init-script-exit.ts';

/** Why something did not work, and what follows. */
export interface Diagnosis {
  readonly class: string;
  readonly cause: string;
  readonly toDo: string;
  readonly remedy: Remedy;
}

export interface TerminationReason {
  readonly code: string;
  readonly type?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** Turns the termination reason of a cluster that came up and died, or never came up, into what a person can use. */
export function diagnoseTermination(reason: TerminationReason | undefined, message?: string): Diagnosis {
  const code = reason?.code ?? 'UNKNOWN';
  const detail =
    reason?.parameters?.['databricks_error_message'] ?? reason?.parameters?.['azure_error_message'] ?? message ?? '';
  const termination = `${code}${detail ? `: ${detail.slice(0, 300)}` : ''}`;
  const found = classOf(code);
  const exit = found.name === 'init script' ? meaningOfExit(detail) : undefined;
  return {
    class: found.name,
    cause: `${exit?.meaning ?? found.what} (${termination})`,
    toDo: exit?.toDo ?? found.person,
    remedy: found.remedy,
  };
}
