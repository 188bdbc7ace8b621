/** The key that personal addresses are sealed with: 32 random bytes or more, in base64. */
export const LINK_KEY = 'WORKSHOP_LINK_KEY';

const LEAST_BYTES = 32;

/** How somebody makes one. */
export const HOW_TO_MAKE_A_KEY = `export ${LINK_KEY}="$(openssl rand -base64 32)"`;

/**
 * Reads it from an environment; undefined where there is none.
 * @throws {RangeError} when it is no key; never with the key itself
 */
export function linkKeyFrom(env: Readonly<Record<string, string | undefined>>): Uint8Array | undefined {
  const given = env[LINK_KEY]?.trim() ?? '';
  if (given === '') return undefined;
  const bytes = decoded(given);
  if (bytes.length < LEAST_BYTES)
    throw new RangeError(
      `${LINK_KEY} is no key: it must be ${LEAST_BYTES} random bytes in base64. Make one: ${HOW_TO_MAKE_A_KEY}`,
    );
  return bytes;
}

function decoded(base64: string): Uint8Array {
  try {
    const signs = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(signs, (sign) => sign.codePointAt(0) ?? 0);
  } catch {
    return new Uint8Array();
  }
}
