/** The longest texts in a room, in characters. */
export const LONGEST = { words: 500, note: 2_000, banner: 500, said: 300, by: 200, act: 600 } as const;
/** So many of each are kept, or taken. */
export const MOST = { checks: 20, done: 200, acts: 200, notesOfOne: 20 } as const;
