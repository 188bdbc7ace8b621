import type { Plan } from '../plan/plan.ts';
import { LEAST_OUTPUT_TOKENS, type Gateway } from '../replayed/made/claude-code.ts';
import { gatewayOf, headersOf } from '../replayed/made/claude-settings.ts';

/** A request for the Messages API, without who asks. */
export interface MessagesRequest {
  readonly gateway: Gateway;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What Claude Code sends to a model of a name like this (docs/facts/claude-on-databricks.md section 1.2). */
interface Manner {
  readonly thinking: 'enabled' | 'adaptive' | 'none';
  readonly effort?: 'high' | 'xhigh';
  /** Messages of the role system, among those of the conversation. */
  readonly systemRole?: true;
}
const NEWEST: Manner = { thinking: 'adaptive', effort: 'high', systemRole: true };

/** The first that fits anywhere in the name; init-scripts/lib/check/first-question.sh knows the same. */
const MANNERS: readonly (readonly [RegExp, Manner])[] = [
  [/claude-3-7-sonnet/, { thinking: 'none' }],
  [/claude-opus-4-5/, { thinking: 'enabled', effort: 'high' }],
  [/claude-(sonnet|opus)-4-6/, { thinking: 'adaptive', effort: 'high' }],
  [/claude-opus-4-7/, { thinking: 'adaptive', effort: 'xhigh' }],
  [/claude-opus-4-8/, NEWEST],
  [/claude-(sonnet|haiku|opus)-4/, { thinking: 'enabled' }],
];

/**
 * As Claude Code begins, in fields, roles and betas, and no longer than it takes: an endpoint that refuses one of these
 * answers a shorter question well and everybody's Claude Code with 400.
 */
export function firstRequest(
  plan: { readonly serving: Pick<Plan['serving'], 'model'> } & Partial<Pick<Plan, 'claudeCode'>>,
  model: string = plan.serving.model,
): MessagesRequest {
  const { thinking, effort, systemRole } = MANNERS.find(([name]) => name.test(model))?.[1] ?? NEWEST;
  const betas = [
    'claude-code-20250219',
    ...(thinking === 'none' ? [] : ['interleaved-thinking-2025-05-14']),
    ...(effort ? ['effort-2025-11-24'] : []),
    ...(systemRole ? ['mid-conversation-system-2026-04-07'] : []),
  ];
  return {
    gateway: gatewayOf(plan),
    headers: { 'anthropic-beta': betas.join(','), ...Object.fromEntries(headersOf(plan)) },
    body: {
      model,
      max_tokens: LEAST_OUTPUT_TOKENS,
      system: [{ type: 'text', text: 'Answer shortly.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Reply with exactly: ready' }] },
        ...(systemRole ? [{ role: 'system', content: 'Use no tool.' }] : []),
      ],
      tools: [
        {
          name: 'Bash',
          description: 'Runs a command.',
          input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
        },
      ],
      ...(thinking === 'enabled' ? { thinking: { type: 'enabled', budget_tokens: LEAST_OUTPUT_TOKENS - 1 } } : {}),
      ...(thinking === 'adaptive' ? { thinking: { type: 'adaptive' } } : {}),
      ...(effort ? { output_config: { effort } } : {}),
    },
  };
}
