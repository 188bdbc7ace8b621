import type { Plan } from '../../plan/plan.ts';
import { base64 } from './base64.ts';
import { LEAST_OUTPUT_TOKENS, type Gateway } from './claude-code.ts';

/**
 * What Claude Code does without asking when the plan names nothing: what the exercise takes. Of `databricks apps` what
 * only reads: stopping or deleting one is asked about.
 */
export const ALLOWED_BY_DEFAULT = [
  'Bash(python:*)',
  'Bash(python3:*)',
  'Bash(pip install:*)',
  'Bash(pip list:*)',
  'Bash(show-app:*)',
  'Bash(deploy-app:*)',
  'Bash(exercise-check:*)',
  'Bash(check-claude:*)',
  'Bash(save-work:*)',
  'Bash(databricks apps get:*)',
  'Bash(databricks apps list:*)',
] as const;

/** The part of a plan that settings come from; one from before `claudeCode` has none. */
type SettingsPlan = { readonly serving: Pick<Plan['serving'], 'model' | 'demand'> } & Partial<Pick<Plan, 'claudeCode'>>;

/** What every request of Claude Code reserves of the limit of output tokens: its max_tokens. */
export function mostOutputTokens({ serving, claudeCode }: SettingsPlan): number {
  return Math.max(LEAST_OUTPUT_TOKENS, claudeCode?.maxOutputTokens ?? serving.demand.maxTokens);
}

/** The field of the plan that decides {@link mostOutputTokens}. */
export const fieldOfOutputTokens = ({ claudeCode }: Partial<Pick<Plan, 'claudeCode'>>): string =>
  claudeCode?.maxOutputTokens === undefined ? 'serving.demand.maxTokens' : 'claudeCode.maxOutputTokens';

/** The endpoints that people's Claude Code asks, each once, that of the conversation first. */
export function endpointsOf({
  serving,
  claudeCode,
}: { readonly serving: Pick<Plan['serving'], 'model'> } & Partial<Pick<Plan, 'claudeCode'>>): readonly string[] {
  return [...new Set([serving.model, claudeCode?.smallModel ?? serving.model])];
}

/** Which address people's Claude Code asks. */
export const gatewayOf = ({ claudeCode }: Partial<Pick<Plan, 'claudeCode'>>): Gateway =>
  claudeCode?.gateway ?? 'serving-endpoints';

/** What each address wants to be told (docs/facts/claude-on-databricks.md section 5). */
const GATEWAY_HEADERS: Readonly<Record<Gateway, readonly (readonly [string, string])[]>> = {
  'serving-endpoints': [['x-databricks-disable-beta-headers', 'true']],
  'ai-gateway': [['x-databricks-use-coding-agent-mode', 'true']],
};

/** The headers that Claude Code is told to send besides its own, name and value. */
export const headersOf = (plan: Partial<Pick<Plan, 'claudeCode'>>): readonly (readonly [string, string])[] => [
  ...GATEWAY_HEADERS[gatewayOf(plan)],
  ...Object.entries(plan.claudeCode?.headers ?? {}),
];

/**
 * Claude Code's managed settings, but for what only the node knows: its own `apiKeyHelper`, and the address with the
 * workspace's host. Each was measured (docs/facts/claude-on-databricks.md section 2); docs/on-the-cluster.md says what
 * each is for. `env` comes first, which install-claude-code.sh relies on.
 */
export function claudeSettings(plan: SettingsPlan): Readonly<Record<string, unknown>> {
  const { model } = plan.serving;
  const { smallModel = model, allow = ALLOWED_BY_DEFAULT, withoutQuestions = false } = plan.claudeCode ?? {};
  return {
    env: {
      ANTHROPIC_MODEL: model,
      ANTHROPIC_DEFAULT_OPUS_MODEL: model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model,
      ANTHROPIC_DEFAULT_FABLE_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel,
      // Only a real newline separates headers; an escaped one makes a single broken header.
      ANTHROPIC_CUSTOM_HEADERS: headersOf(plan)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(mostOutputTokens(plan)),
      CLAUDE_CODE_API_KEY_HELPER_TTL_MS: '60000',
      CLAUDE_CODE_DISABLE_1M_CONTEXT: '1',
      CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
      // A title is a request of its own, which reserves as much as an answer.
      CLAUDE_CODE_DISABLE_TERMINAL_TITLE: '1',
      CLAUDE_CODE_IDE_SKIP_AUTO_INSTALL: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_INSTALLATION_CHECKS: '1',
      ...(withoutQuestions ? { IS_SANDBOX: '1' } : {}),
    },
    permissions: {
      allow,
      deny: ['WebSearch'],
      defaultMode: 'default',
      // Else a model judges each command that is not plainly harmless: 141 kB more for each.
      disableAutoMode: 'disable',
    },
    skipWebFetchPreflight: true,
    ...(withoutQuestions ? { skipDangerousModePermissionPrompt: true } : {}),
  };
}

/** The settings as one variable of a cluster: base64 holds nothing that a shell or a policy reads otherwise. */
export const carriedSettings = (plan: SettingsPlan): string =>
  base64(`${JSON.stringify(claudeSettings(plan), null, 2)}\n`);

/** The same in words, for whoever reads a plan. */
export function settingsInWords(plan: SettingsPlan): string[] {
  const { smallModel, withoutQuestions = false, allow, headers = {} } = plan.claudeCode ?? {};
  const { model } = plan.serving;
  const cap = mostOutputTokens(plan).toLocaleString('en-US');
  return [
    `every request reserves ${cap} output tokens (${fieldOfOutputTokens(plan)})`,
    smallModel === undefined
      ? `${model} for everything, small tasks too (claudeCode.smallModel would name another endpoint for those)`
      : `${model}, and ${smallModel} for small tasks`,
    `asked at /${gatewayOf(plan)}/anthropic` +
      (Object.keys(headers).length > 0 ? `, with the headers ${Object.keys(headers).join(', ')} besides` : ''),
    `done without asking: ${(allow ?? ALLOWED_BY_DEFAULT).join(', ') || 'nothing'}`,
    withoutQuestions
      ? 'whoever starts it with --dangerously-skip-permissions is asked nothing at all (claudeCode.withoutQuestions)'
      : '--dangerously-skip-permissions is refused (claudeCode.withoutQuestions)',
  ];
}
