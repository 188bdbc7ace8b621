/** User and password of an `Authorization: Basic` header; undefined for any other header. */
export function basicCredentials(header: string | undefined): [string, string] | undefined {
  const match = /^Basic (\S+)$/i.exec(header ?? '');
  if (!match) return undefined;
  const plain = Buffer.from(match[1] ?? '', 'base64').toString();
  const colon = plain.indexOf(':');
  return colon < 0 ? undefined : [plain.slice(0, colon), plain.slice(colon + 1)];
}
