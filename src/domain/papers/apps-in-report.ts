import { appsInWords, runningApps, type AppsAtEnd } from '../replayed/ending/apps-at-end.ts';

/** What the report says of people's apps. */
export interface AppsInReport {
  readonly made: number;
  readonly running: readonly { readonly name: string; readonly creator: string }[];
  readonly said: string;
}

/** As they were when looked at last. */
export const appsInReport = (apps: AppsAtEnd): AppsInReport => ({
  made: apps.names.length,
  running: runningApps(apps).map(({ name, creator }) => ({ name, creator })),
  said: appsInWords(apps),
});
