/** The ways by which a message leaves; the folder at the worker gets a copy of everything besides. */
export const CHANNELS = ['mail', 'slack', 'teams', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a plan says of the channels of letters to attendees. */
export interface LetterChannels {
  readonly attendees: readonly Channel[];
  readonly letters?: Readonly<Partial<Record<string, { readonly by?: readonly Channel[] | undefined }>>> | undefined;
}

/** By which channels a letter reaches attendees: its own where the plan names some, else those of all letters. */
export const channelsOfLetter = (messages: LetterChannels | undefined, letter: string): readonly Channel[] =>
  messages?.letters?.[letter]?.by ?? messages?.attendees ?? [];

/** Who a message is for: the plan names channels for each group. */
export const GROUPS = ['attendees', 'facilitators', 'admin'] as const;
export type Group = (typeof GROUPS)[number];
