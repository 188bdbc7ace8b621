import type { Plan } from '../../plan/plan.ts';

/** The part of a plan's demand that says how people work; a plan of an earlier version knows no commands. */
type Demand = Pick<Plan['serving']['demand'], 'promptsPerMinute'> &
  Partial<Pick<Plan['serving']['demand'], 'commandsPerPrompt'>>;

/**
 * Requests that one prompt makes of the model of the conversation: one, and one more for each command that Claude Code
 * runs on the way. With the settings of a cluster it asks nothing else: no title, no judgement of a command, and
 * nothing before the first prompt (test/init-scripts/real-claude measures it, with two versions).
 */
export const requestsPerPrompt = ({ commandsPerPrompt = 0 }: Partial<Demand>): number => 1 + commandsPerPrompt;

/** Requests of one person in a minute. */
export const requestsPerMinute = (demand: Demand): number => demand.promptsPerMinute * requestsPerPrompt(demand);
