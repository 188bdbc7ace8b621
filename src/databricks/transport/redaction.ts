const JSON_SECRET = new RegExp(
  String.raw`(["'](?:access_?token|refresh_?token|id_?token|token|client_?secret|password|assertion)["']\s*[:=]\s*)` +
    String.raw`(["'])(?:\\.|(?!\2)[^\\])*(?:\2|$)`,
  'gi',
);
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;
const JWT = /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,2}/g;
const PAT = /\bd(?:api|kea|ose)[0-9a-f]{16,}(?:-\d+)?\b/gi;
const FORM_SECRET = /\b(client_secret|access_token|refresh_token|password)=[^&\s"']+/gi;

/**
 * Takes tokens and secrets out of a text meant for people or logs: those given, and whatever looks
 * like one. Needed because the SDK puts whole token answers into its errors (docs/facts/sdk.md section 3).
 */
export function redact(text: string, secrets: Iterable<string | undefined> = []): string {
  let clean = text;
  for (const secret of secrets) if (secret !== undefined && secret.length >= 4) clean = clean.replaceAll(secret, '***');
  return clean
    .replace(JSON_SECRET, '$1"***"')
    .replace(BEARER, '$1 ***')
    .replace(JWT, '***')
    .replace(PAT, '***')
    .replace(FORM_SECRET, '$1=***');
}
