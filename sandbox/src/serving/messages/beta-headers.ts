import type { IncomingHttpHeaders } from 'node:http';
import { badRequest } from './messages-request.ts';

/** Betas are named after their day: `interleaved-thinking-2025-05-14`, `claude-code-20250219`. */
const DATED = /^[a-z0-9][a-z0-9-]*-20\d\d-?\d\d-?\d\d$/;

/**
 * The betas that a request asks for. Which ones a workspace knows is nowhere written down and changes by the week, so
 * everything that is named like one is taken; the rest is refused, unless x-databricks-disable-beta-headers says to
 * look at none (docs/facts/databricks-workspace.md section 9).
 * @throws 400 BAD_REQUEST.
 */
export function betasOf(headers: IncomingHttpHeaders): readonly string[] {
  if (String(headers['x-databricks-disable-beta-headers'] ?? '').toLowerCase() === 'true') return [];
  const betas = String(headers['anthropic-beta'] ?? '')
    .split(',')
    .map((beta) => beta.trim())
    .filter((beta) => beta !== '');
  const unknown = betas.find((beta) => !DATED.test(beta));
  if (unknown !== undefined)
    throw badRequest(`Unexpected value(s) \`${unknown.slice(0, 80)}\` for the \`anthropic-beta\` header.`);
  return betas;
}
