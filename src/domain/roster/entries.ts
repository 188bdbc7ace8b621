import type { Details } from '../replayed/seat/details.ts';

/** Cells of one line, as they are written; a line of a text list has one for each piece between its separators. */
export interface Row {
  /** Counted from 1, in the file or the sheet. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Somebody on a roster. */
export interface RosterPerson extends Details {
  readonly email: string;
  readonly line: number;
  /** Of several, the one in which they are to be: its name in the plan, or its address. */
  readonly workspace?: string;
}

/** Something of a line that nobody was made of, and why. */
export interface LeftOut {
  readonly line: number;
  readonly what: string;
  readonly why: string;
}

/** What was found in rows, before anybody is counted twice. */
export interface Found {
  readonly people: readonly RosterPerson[];
  /** Somebody may be missing because of it. */
  readonly leftOut: readonly LeftOut[];
  /** To be mended before anybody is taken from this roster. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  /** What else the reader should know: which columns were read, which lines stand above the header. */
  readonly notes: readonly string[];
}
