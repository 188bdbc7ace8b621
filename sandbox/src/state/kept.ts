/**
 * A part of the workspace that outlives a restart. What it offers is plain data, with maps, sets and buffers; a thing
 * of another part may be in it as it is, for all parts are kept together and find each other again.
 */
export interface Kept<State> {
  /** All of it, as it is now. Nobody changes what is answered. */
  state(): State;
  /** Takes it back, in the place of what there is. */
  restore(state: State): void;
}
