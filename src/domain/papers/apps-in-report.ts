import { appsInWords, runningApps, type AppsAtEnd } from '../replayed/ending/apps-at-end.ts';

/** What the report says of people's apps. */
export interface AppsInReport {
  readonly made: number;
  readonly running: readonly { readonly name: string; readonly creator: string }[];
  readonly said: string;
}

/** A cluster that somebody of the workshop made for themselves. */
export interface OwnMachine {
  readonly name: string;
  readonly id: string;
  readonly creator: string;
  readonly state: string;
}

/** Those of a state that costs nothing. */
const FREE = ['TERMINATED', 'TERMINATING'];

/** Those that cost money as long as nobody ends them. */
export const machinesRunning = (machines: readonly OwnMachine[]): OwnMachine[] =>
  machines.filter(({ state }) => !FREE.includes(state));

/** One for the page: `my-cluster (0311-…), by ann@example.com, RUNNING`. */
export const machineInWords = ({ name, id, creator, state }: OwnMachine): string =>
  `${name} (${id}), by ${creator}, ${state}`;

/** As they were when looked at last. */
export const appsInReport = (apps: AppsAtEnd): AppsInReport => ({
  made: apps.names.length,
  running: runningApps(apps).map(({ name, creator }) => ({ name, creator })),
  said: appsInWords(apps),
});
