import { BlockList, isIP } from 'node:net';

/** Who signs people in before they come here: a header, and the only addresses it is believed from. */
export interface SignedInBy {
  /** Like X-Forwarded-Email. */
  readonly header: string;
  readonly proxies: BlockList;
}

/**
 * Reads addresses and networks, like `10.0.0.0/8, 127.0.0.1`.
 * @throws {RangeError} for what is none
 */
export function proxiesIn(text: string): BlockList {
  const list = new BlockList();
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw new RangeError('names no address');
  for (const part of parts) {
    const [address = '', bits] = part.split('/');
    const version = isIP(address);
    const width = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? width : Number(bits);
    if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > width)
      throw new RangeError(`"${part}" is no address and no network, like 10.0.0.0/8`);
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** The address of whoever is signed in, in lower case; undefined where nobody may say so. */
export function identityOf(
  { header, proxies }: SignedInBy,
  asked: { readonly headers: Headers; readonly remote: string | undefined },
): string | undefined {
  const remote = asked.remote?.replace(/^::ffff:/, '') ?? '';
  const version = isIP(remote);
  if (version === 0 || !proxies.check(remote, version === 4 ? 'ipv4' : 'ipv6')) return undefined;
  const email = asked.headers.get(header)?.trim().toLowerCase();
  return email === undefined || email === '' ? undefined : email;
}
