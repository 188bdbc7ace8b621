/** Something that did not start, with all that is known about why: a stack would tell nobody more. */
export class DidNotStart extends Error {
  override readonly name = 'DidNotStart';
}
