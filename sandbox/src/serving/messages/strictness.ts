import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, type MessagesRequest } from './messages-request.ts';

/**
 * What an endpoint may refuse of what Claude Code sends. Which workspace refuses what is nowhere written down, and
 * whether any does is often unknown: so it is a setting (docs/facts/claude-on-databricks.md section 4).
 */
export const REFUSABLE = [
  'system-role',
  'unknown-betas',
  'effort',
  'adaptive-thinking',
  'output-config',
  'count-tokens',
] as const;
export type Refusable = (typeof REFUSABLE)[number];

/** Those that are accepted by all that was reported. */
const KNOWN_BETAS = new Set(['claude-code-20250219', 'interleaved-thinking-2025-05-14']);

/** @throws 400 BAD_REQUEST in the words that were reported, where there are any. */
export function refuse(
  refused: readonly Refusable[],
  { messages, output_config, thinking }: Pick<MessagesRequest, 'messages' | 'output_config' | 'thinking'>,
  headers: IncomingHttpHeaders,
): void {
  const is = (one: Refusable): boolean => refused.includes(one);
  const later = messages.findIndex(({ role }) => role === 'system');
  if (is('system-role') && later >= 0)
    throw badRequest(`messages.${later}.role: role 'system' is not supported on this model`);
  const betas = String(headers['anthropic-beta'] ?? '').split(',');
  const unknown = betas.find((beta) => beta !== '' && !KNOWN_BETAS.has(beta.trim()));
  if (is('unknown-betas') && unknown !== undefined)
    throw badRequest(`Unexpected value(s) \`${unknown.slice(0, 80)}\` for the \`anthropic-beta\` header.`);
  if (is('output-config') && output_config) throw badRequest('output_config: Extra inputs are not permitted');
  if (is('effort') && output_config && 'effort' in output_config)
    throw badRequest('output_config.effort: Extra inputs are not permitted');
  if (is('adaptive-thinking') && thinking?.type === 'adaptive')
    throw badRequest('adaptive thinking is not supported on this model');
}
