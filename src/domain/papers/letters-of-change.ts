import { letter, spanText, sshAlias, type Addressee, type Dated, type Letter, type LetterPlan } from './letters.ts';

/** The workshop is called off. */
export const calledOff = ({
  plan,
  reason,
  to,
}: {
  readonly plan: LetterPlan;
  readonly reason: string;
  readonly to?: Addressee;
}): Letter =>
  letter(plan, to, `Cancelled: ${plan.title}`, [
    `"${plan.title}" does not take place. The reason: ${reason}.`,
    'Your cluster is being removed; you need not do anything. What you kept in ~/workshop is still yours: it is the ' +
      `folder "claude-workshop" in your home folder of the workspace (${plan.workspace}).`,
  ]);

/** To somebody who was removed from the workshop. */
export const goodbye = ({ plan, to }: { readonly plan: LetterPlan; readonly to?: Addressee }): Letter =>
  letter(plan, to, `You are no longer enrolled: ${plan.title}`, [
    `You have been taken off the list of "${plan.title}".`,
    'Your cluster there has been removed, and its line in your ssh settings leads nowhere now. What you kept in ' +
      `~/workshop is still yours: it is the folder "claude-workshop" in your home folder of the workspace ` +
      `(${plan.workspace}).`,
    'If that is a mistake, please tell us: you can be added again.',
  ]);

/** The start was moved: when it is now, and that all else stays as it was. */
export function rescheduled({ plan, timeline, to, clusterId }: Dated): Letter {
  return letter(plan, to, `New date: ${plan.title}`, [
    `"${plan.title}" has been moved. The date in earlier letters no longer holds.`,
    `New date: ${spanText(timeline.start, timeline.end, plan.timeZone)}`,
    clusterId === undefined
      ? 'Everything else in our letters to you holds. Please change the entry in your calendar.'
      : 'Everything else in our letters to you holds: what you have set up on your laptop still works, and your ' +
        `cluster is the same, ${sshAlias(plan)}. Until the day it may be stopped; your work in ~/workshop stays. ` +
        'Please change the entry in your calendar.',
    'If you cannot come on that day, please tell us.',
  ]);
}
