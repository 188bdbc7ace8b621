import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { claimFile, readClaim, whose, writtenClaim, type Claim } from '../../domain/replayed/claim/claim.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { meansAlreadyExists, type Workspace } from '../../databricks/workspace.ts';
import { asFailure } from '../retryable-failures.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { ensureVolume, quoted, SCRIPTS_COMMENT } from './volumes.ts';

/** What asking for the claim came to: it is this run's, or this other one's. */
export type ClaimOutcome = { readonly heldBy?: Claim };

const pathOf = (volume: string, workshopId: string) => volumePath(volume, claimFile(workshopId));

/** Undefined: there is none, nor perhaps the volume. Reads only. */
export async function claimIn(
  workspace: Pick<Workspace, 'files'>,
  volume: string,
  workshopId: string,
): Promise<Claim | undefined> {
  const bytes = await workspace.files.download(pathOf(volume, workshopId));
  return bytes && readClaim(bytes.toString('utf8'));
}

/**
 * The claim of one run on its workshop in this workspace: two Temporal servers know nothing of each other, and only the
 * workspace is known to both.
 */
export const claimActivities = ({ workspace, server }: ActivityDeps) => {
  const read = (run: Run, volume: string) => claimIn(workspace, volume, run.workshopId);
  const whoseIs = (there: Claim | undefined, { runId }: Run) => whose(there, { server, runId, now: Date.now() });

  /** Of several who try at once only one succeeds. */
  const make = async (path: string, bytes: Buffer): Promise<void> => {
    try {
      await workspace.files.upload(path, bytes, { overwrite: false });
    } catch (error) {
      // Somebody was quicker, or the answer to an earlier try was lost: what lies there now tells.
      if (!meansAlreadyExists(error)) throw error;
    }
  };

  return {
    /**
     * Makes the claim, or renews it; before it the volume, which is the first thing that a workshop needs. Idempotent.
     * A claim of another server that is alive is left alone and returned, unless `force` is given.
     * @param goodForMs how long it holds without being renewed
     * @param settleMs a new one is read again after this long: should two have written, the last one holds
     */
    async claimWorkshop(
      run: Run,
      {
        volume,
        goodForMs,
        settleMs,
        force = false,
      }: { volume: string; goodForMs: number; settleMs: number; force?: boolean },
    ): Promise<ClaimOutcome> {
      const path = pathOf(volume, run.workshopId);
      try {
        const lies = await workspace.files.download(path);
        const there = lies && readClaim(lies.toString('utf8'));
        const now = Date.now();
        const is = whose(there, { server, runId: run.runId, now });
        if (there && is === 'theirs' && !force) return { heldBy: there };
        const mine: Claim = {
          v: 1,
          workshopId: run.workshopId,
          runId: run.runId,
          server,
          since: there && is === 'ours' ? there.since : now,
          seen: now,
          goodForMs,
        };
        const bytes = Buffer.from(writtenClaim(mine));
        if (there && is === 'ours' && now < there.seen + there.goodForMs) {
          // Nobody else takes one that is alive.
          await workspace.files.upload(path, bytes, { overwrite: true });
          return {};
        }
        if (lies) await workspace.files.delete(path);
        else await ensureVolume(workspace, volume, SCRIPTS_COMMENT);
        await make(path, bytes);
      } catch (error) {
        throw asFailure(error, [`GRANT READ VOLUME, WRITE VOLUME ON VOLUME ${quoted(volume)} TO \`<worker>\`;`]);
      }
      await wait(settleMs);
      const settled = await read(run, volume);
      const became = whoseIs(settled, run);
      if (became === 'ours') return {};
      if (settled && became === 'theirs') return { heldBy: settled };
      throw ApplicationFailure.retryable(
        'Somebody else changed the claim of this workshop meanwhile.',
        'CLAIM_CHANGED',
      );
    },

    /** The claim of another server that is alive and works with what this very run has made. Undefined: none. */
    async takenOver(run: Run, { volume }: { volume: string }): Promise<Claim | undefined> {
      const there = await read(run, volume);
      return there?.runId === run.runId && whoseIs(there, run) === 'theirs' ? there : undefined;
    },

    /** Takes the claim away at the end, unless somebody else's is alive. Idempotent. */
    async releaseClaim(run: Run, { volume }: { volume: string }): Promise<void> {
      const there = await read(run, volume);
      if (there && whoseIs(there, run) !== 'theirs') await workspace.files.delete(pathOf(volume, run.workshopId));
    },
  };
};
