/** A kept state that cannot be gone on with, said for people; nothing in its folder was changed. */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
}
