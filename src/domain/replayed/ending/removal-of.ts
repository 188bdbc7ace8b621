import type { Plan } from '../../plan/plan.ts';

/** What a removal has to know of the plan. */
export interface RemovalSettings {
  readonly deletePool: boolean;
  /** The volume that the claim on the workshop lies in; without it nobody asks whether another server holds it. */
  readonly claimVolume?: string;
}

export const removalOf = ({ teardown, unityCatalog }: Pick<Plan, 'teardown' | 'unityCatalog'>): RemovalSettings => ({
  deletePool: teardown.deletePool,
  claimVolume: unityCatalog.scripts,
});
