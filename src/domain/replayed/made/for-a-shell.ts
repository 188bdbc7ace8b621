/**
 * A text as one word of a command that somebody pastes into a shell: whatever is in it, an apostrophe too, stays as it
 * is.
 */
export const forAShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `--json` and what goes with it, as one word. */
export const asJson = (value: unknown): string => `--json ${forAShell(JSON.stringify(value))}`;
