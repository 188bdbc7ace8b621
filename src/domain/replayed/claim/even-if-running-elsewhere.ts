/**
 * The option of a command that goes on although a claim of another server is alive. Without imports: --help lists it.
 */
export const ALTHOUGH = 'even-if-running-elsewhere';
