import type { Workspace } from '../../databricks/workspace.ts';
import { newestModel } from '../../domain/money/newest-model.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { timelineOf } from '../../domain/plan/timeline-of-plan.ts';
import { gatewayOf } from '../../domain/replayed/made/claude-settings.ts';
import { claudeModelsIn } from '../../preview.ts';
import { patiently } from './patiently.ts';

/** A plan as it was read; of a model that nobody wrote it has the stand-in. */
export interface ReadPlan {
  readonly plan: Plan;
  readonly modelLeftOut: boolean;
}

/** Whatever the plan was read with, with the model that counts, and why it is that one. */
export type WithModel<Read> = Read & { readonly aboutModel?: string };

/**
 * The plan with the newest model that the workspace lists, where its file names none; a model that somebody wrote
 * stays. @throws {NoAnswer} when the workspace is silent
 */
export async function withListedModel<Read extends ReadPlan>(
  workspace: Pick<Workspace, 'servingEndpoints'>,
  read: Read,
): Promise<WithModel<Read>> {
  if (!read.modelLeftOut) return read;
  const { plan } = read;
  const standsIn = (because: string) => ({
    ...read,
    aboutModel: `serving.model is left out, and ${because}: ${plan.serving.model} stands in. Write the one you want.`,
  });
  if (gatewayOf(plan) === 'ai-gateway')
    return standsIn('the models of /ai-gateway have names that the list of serving endpoints does not tell');
  const listed = await patiently(() => claudeModelsIn(workspace));
  if (listed === undefined) return standsIn('the workspace does not show its serving endpoints');
  const chosen = newestModel(listed, timelineOf(plan).end);
  if (chosen === undefined) return standsIn('the workspace lists no Claude that lasts until the end');
  return withModel({ ...read, aboutModel: chosen.why }, chosen.model);
}

/** The same, but for a model that is known already. */
export const withModel = <Read extends Pick<ReadPlan, 'plan'>>(read: Read, model: string): Read => ({
  ...read,
  plan: { ...read.plan, serving: { ...read.plan.serving, model } },
});

/** Without a workspace nobody can say which it will be. */
export const modelToCome = ({ plan, modelLeftOut }: ReadPlan): string[] =>
  modelLeftOut
    ? [
        'serving.model is left out: "start" takes the newest Claude that the workspace lists by then; what is said ' +
          `here is said with ${plan.serving.model}.`,
      ]
    : [];
