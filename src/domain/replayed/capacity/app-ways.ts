/** How people come to see what they built: on their own cluster, as an app for a team, for each, or not at all. */
export const APP_WAYS = ['local', 'team', 'each', 'none'] as const;

/** What becomes of people's apps at the end. */
export const APPS_AFTERWARDS = ['keep', 'stop', 'delete'] as const;
