/** Something asked of a workshop that cannot be had, said for people. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The server knows no workshop of that id that runs. */
export class UnknownWorkshop extends Refused {}

/** Temporal, or a worker behind it, gives no answer: nothing is known about whether the workshop is well. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Nothing that speaks Temporal's language listens at its address. */
export class NoServer extends NoAnswer {}

/** A lifecycle that ended without a report: failed, terminated or timed out from outside. */
export class EndedWithoutReport extends Error {
  override readonly name = 'EndedWithoutReport';
}

/** Settings for Temporal that cannot be used, said for people: which, and where they come from. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
}

/** What is encrypted with a key that is not here is as good as not there. @throws every other error */
export function nothingIfEncrypted(error: unknown): undefined {
  if (!(error instanceof WrongSettings)) throw error;
}
