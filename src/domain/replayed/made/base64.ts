const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of a text in UTF-8. A workflow has neither Buffer nor btoa. */
export function base64(text: string): string {
  // Percent-encoding is UTF-8, byte by byte.
  const bits = [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|[^%]/g)]
    .map(([one, hex]) => (hex === undefined ? one.charCodeAt(0) : Number.parseInt(hex, 16)))
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const digits = bits.match(/.{1,6}/g) ?? [];
  const written = digits.map((six) => DIGITS[Number.parseInt(six.padEnd(6, '0'), 2)]).join('');
  return written.padEnd(Math.ceil(written.length / 4) * 4, '=');
}
