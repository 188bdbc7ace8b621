import { letter, onYourCluster, spanText, stepsOnLaptop, type Dated, type Letter } from './letters.ts';

/**
 * The first letter of somebody who joins on the day: what to do at once, in the room.
 * @param isReady their cluster runs and was seen to serve
 */
export function letterForNow({
  plan,
  timeline,
  to,
  clusterId,
  isReady,
}: Dated & { readonly isReady: boolean }): Letter {
  const yours =
    clusterId === undefined
      ? 'Your own cluster does not exist yet. Please begin with the laptop all the same: you get the line that ' +
        'connects you as soon as it does.'
      : isReady
        ? 'Your own cluster is ready. Five steps on your laptop, and you are there:'
        : 'Your own cluster is being started, which takes some minutes. In the meantime, on your laptop:';
  return letter(plan, to, `${isReady ? 'Your cluster is ready' : 'Please begin now'}: ${plan.title}`, [
    `You have joined "${plan.title}".`,
    `When: ${spanText(timeline.start, timeline.end, plan.timeZone)}`,
    `Workspace: ${plan.workspace}`,
    ...(to?.table === undefined ? [] : [`Your table: ${to.table}`]),
    yours,
    ...stepsOnLaptop(plan, clusterId),
    ...onYourCluster(plan),
    'If a step fails, tell us at once, with the text of the error.',
  ]);
}
