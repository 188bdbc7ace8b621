/** What credentials look like in a text. Wide on purpose: a plan has no use for any of these. */
const SECRET_SHAPES: readonly RegExp[] = [
  /\bdapi[-_]?(?:[\w-]*\d[\w-]*|[\w-]{12,})/gi, // Databricks personal access token
  /\bdose[0-9a-f]{16,}/gi, // Databricks OAuth client secret
  /\bBearer\s+[\w.~+/=-]{6,}/gi,
  /\beyJ[\w-]{10,4000}\.[\w.-]{10,}/g, // JSON web token; bounded, or a long line takes quadratic time
  /\b(?:sk-ant|ghp|gho|xox[abp])[-_][\w-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
  /:\/\/[^\s/:@]+:[^\s/@]+@/g, // user and password inside an address
];

/** `maxTokens` is a number; `token` is a credential. So singular words only. */
const SECRET_WORDS = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'token',
  'pat',
  'credential',
  'credentials',
  'apikey',
]);
const SECRET_PAIRS = ['apikey', 'accesskey', 'privatekey', 'secretkey', 'authorization'];

/** Offsets in the text at which something begins that looks like a credential, in order. */
export function secretOffsets(text: string): number[] {
  return SECRET_SHAPES.flatMap((shape) => [...text.matchAll(shape)].map((match) => match.index)).sort((a, b) => a - b);
}

/** The text with everything that looks like a credential replaced, for messages and logs. */
export function hideSecrets(text: string): string {
  return SECRET_SHAPES.reduce((shown, shape) => shown.replace(shape, '(hidden)'), text);
}

/** True for names under which people keep credentials: `password`, `clientSecret`, `api_key`, `DATABRICKS_TOKEN`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => SECRET_WORDS.has(word)) || SECRET_PAIRS.some((pair) => words.join('').includes(pair));
}
