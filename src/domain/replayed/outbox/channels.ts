/** The ways by which a message leaves; the folder at the worker gets a copy of everything besides. */
export const CHANNELS = ['mail', 'slack', 'teams', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Who a message is for: the plan names channels for each group. */
export const GROUPS = ['attendees', 'facilitators', 'admin'] as const;
export type Group = (typeof GROUPS)[number];
