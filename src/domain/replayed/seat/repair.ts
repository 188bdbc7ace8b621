import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { isUp } from './seat-state.ts';
import type { RepairStage, Seat } from './seat.ts';
import { allowedAgain } from './transitions.ts';

/** Begins with this stage at once, whatever the seat was doing. */
export function toRepair(seat: Seat, stage: RepairStage, by: string, at: number): Seat {
  const asked = { ...allowedAgain(seat), failures: 0 };
  const isThere = asked.cluster !== undefined && asked.cluster.state !== 'GONE';
  // Who has no cluster gets one anyway, and a restart of one that is down begins with its start.
  const begun = !isThere || (stage === 'restart' && !isUp(asked));
  const { diagnosis: _, retryAt: __, ...well } = asked;
  return {
    ...well,
    ...(well.cluster ? { cluster: { ...well.cluster, verified: false } } : {}),
    ...(well.target === 'ready' ? { wake: true } : {}),
    repair: { stage, by, at, begun },
  };
}

/** What was taken away, or stopped, is: now it may come up. A cluster that is to be set aside is not yet. */
export const repairBegun = (seat: Seat): Seat =>
  seat.repair && seat.repair.stage !== 'new cluster' ? { ...seat, repair: { ...seat.repair, begun: true } } : seat;

/** Its cluster serves. */
export function repaired(seat: Seat): Seat {
  const { repair: _, ...rest } = seat;
  return rest;
}

/**
 * What was tried did not help: the next that there is to try, at once. After a new cluster it is a seat like any other
 * that fails.
 * @param otherMachines how many machines there are to launch on, beside the planned one
 */
export function triedInVain(seat: Seat, diagnosis: Diagnosis, otherMachines: number, at: number): Seat {
  const { repair } = seat;
  if (!repair?.begun) return seat;
  if (repair.stage === 'new cluster' || !seat.cluster || seat.cluster.state === 'GONE') return repaired(seat);
  // A person has to act, and no machine can make up for it.
  if (diagnosis.remedy === 'person') return repaired(seat);
  const isOther = repair.stage === 'restart' && otherMachines > 0;
  const next = toRepair(seat, isOther ? 'other machine' : 'new cluster', repair.by, at);
  return isOther ? { ...next, option: ((seat.cluster?.option ?? 0) + 1) % (otherMachines + 1) } : next;
}

/**
 * The old cluster is stopped and kept for a look; the seat goes on without it, and begins with the planned machine.
 * @param now epoch milliseconds: what the old one cost is counted until then
 */
export function setAside(seat: Seat, now: number): Seat {
  const { cluster, proof: _, ...rest } = seat;
  const upMs = cluster && isUp(seat) ? now - cluster.launchedAt : 0;
  return {
    ...rest,
    ...(cluster ? { setAside: [...(seat.setAside ?? []), cluster.id] } : {}),
    upMs: seat.upMs + upMs,
    generation: seat.generation + 1,
    option: 0,
    ...(seat.repair ? { repair: { ...seat.repair, begun: true } } : {}),
  };
}
