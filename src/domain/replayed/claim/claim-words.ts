import { endsAt, type Claim } from './claim.ts';
import { ALTHOUGH } from './even-if-running-elsewhere.ts';

/** Workflows have no time zones; whoever reads this sits at two computers anyway. */
const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Whose it is, in one sentence. */
export const whoseWords = ({ runId, server, since, seen }: Claim): string =>
  `Another Temporal server runs this workshop: ${server.address} (namespace ${server.namespace}), used from ` +
  `${server.host}, run ${runId}, since ${at(since)}, last seen ${at(seen)}.`;

/** The same command, said to that server. */
function there({ server, workshopId }: Claim, command: string): string {
  const namespace = server.namespace === 'default' ? '' : `TEMPORAL_NAMESPACE=${server.namespace} `;
  return `TEMPORAL_ADDRESS=${server.address} ${namespace}bin/workshop ${command} ${workshopId}`;
}

const goOnThere = (claim: Claim): string =>
  `To go on with that one, type on ${claim.server.host}: ${there(claim, 'status')}`;

/** To whoever asks for something on the command line. */
export const refusedWords = (claim: Claim): string =>
  [
    whoseWords(claim),
    goOnThere(claim),
    `To end it, with all its clusters: ${there(claim, 'cancel')}`,
    `If that server is gone for good: nobody is in the way any more from ${at(endsAt(claim))} on; before that add ` +
      `--${ALTHOUGH}.`,
  ].join('\n');

/**
 * To whoever looks at the lifecycle that found it.
 * @param isTakenOver the other one works with what this one has made
 */
export const stoppedWords = (claim: Claim, isTakenOver: boolean): string =>
  [
    'Nothing is made, started or removed here any more.',
    goOnThere(claim),
    `To end this one: bin/workshop cancel ${claim.workshopId}. ` +
      (isTakenOver
        ? 'It removes nothing, because all of it is in use there.'
        : 'It removes only what this run has made, and nothing of that one.'),
    `To go on here instead, end that one first, with all its clusters: ${there(claim, 'cancel')}. Then type here: ` +
      `bin/workshop retry ${claim.workshopId} claim`,
    `If that server is gone for good: bin/workshop waive ${claim.workshopId} claim --reason "that server is gone"`,
  ].join('\n');

/** Why a removal has left everything where it was. */
export const leftWords = (claim: Claim): string =>
  `Nothing was removed: what this run has made is in use. ${whoseWords(claim)}`;
