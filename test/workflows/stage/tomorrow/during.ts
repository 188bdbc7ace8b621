import { patched } from '@temporalio/workflow';
import { during as todaysDuring } from '../../../../src/workflows/guide/during.ts';
import type { Lifecycle } from '../../../../src/workflows/workshop/lifecycle.ts';

/** Tomorrow the lifecycle looks at the workspace when the event begins. */
export function during(w: Lifecycle): Promise<void> {
  return patched('tomorrow-looks-at-the-event') ? w.calls.whoAmI(w.run).then(() => todaysDuring(w)) : todaysDuring(w);
}
