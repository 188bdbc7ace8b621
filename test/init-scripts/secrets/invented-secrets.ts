/** Signs of no key: an alphabet that repeats, cut to length. */
const signs = (count: number, of = 'k7Qm2ZxT9vRb4LwN8yHc'): string =>
  of.repeat(Math.ceil(count / of.length)).slice(0, count);
const put = (...parts: readonly string[]): string => parts.join('');
const hex = (count: number): string => signs(count, '0a1b2c3d4e5f6789');

/**
 * Fifty kinds of keys and tokens, each invented, in the form of real ones; put together here, so that nothing which
 * looks for keys takes this file for a find. By what they are.
 */
export const INVENTED_SECRETS: Readonly<Record<string, string>> = {
  'Databricks personal access token': put('dapi', hex(32)),
  'Databricks token with a number': put('dapi', hex(32), '-2'),
  'Databricks OAuth secret': put('dose', hex(32)),
  'Databricks embedding key': put('dkea', hex(32)),
  'Databricks SQL token': put('dsapi', hex(32)),
  'GitHub personal token': put('ghp', '_', signs(36)),
  'GitHub OAuth token': put('gho', '_', signs(36)),
  'GitHub server token': put('ghs', '_', signs(36)),
  'GitHub refresh token': put('ghr', '_', signs(36)),
  'GitHub fine-grained token': put('github', '_pat_', signs(60)),
  'GitLab personal token': put('glpat', '-', signs(20)),
  'GitLab deploy token': put('gldt', '-', signs(20)),
  'GitLab trigger token': put('glptt', '-', signs(40)),
  'GitLab runner token': put('glrt', '-', signs(20)),
  'Anthropic key': put('sk', '-ant-api03-', signs(80)),
  'Anthropic OAuth token': put('sk', '-ant-oat01-', signs(80)),
  'OpenAI key': put('sk', '-', signs(48)),
  'OpenAI project key': put('sk', '-proj-', signs(64)),
  'OpenAI service key': put('sk', '-svcacct-', signs(64)),
  'OpenRouter key': put('sk', '-or-v1-', hex(64)),
  'Stripe secret key': put('sk', '_live_', signs(24)),
  'Stripe restricted key': put('rk', '_live_', signs(24)),
  'Hugging Face token': put('hf', '_', signs(34)),
  'npm token': put('npm', '_', signs(36)),
  'PyPI token': put('pypi', '-AgEIcHlwaS5vcmc', signs(60)),
  'Docker token': put('dckr', '_pat_', signs(27)),
  'Slack bot token': put('xoxb', '-123456789012-', signs(24)),
  'Slack user token': put('xoxp', '-123456789012-', signs(24)),
  'Slack refresh token': put('xoxe', '-1-', signs(40)),
  'Slack rotated token': put('xoxe', '.xoxp-1-', signs(40)),
  'Slack app token': put('xapp', '-1-A0123456789-', hex(40)),
  'SendGrid key': put('SG', '.', signs(22), '.', signs(43)),
  'AWS access key': put('AKIA', signs(16, 'K7QM2ZXT9VRB4LWN')),
  'AWS session key': put('ASIA', signs(16, 'K7QM2ZXT9VRB4LWN')),
  'AWS secret key': put('aws_secret', '_access_key = ', signs(40)),
  'AWS secret key in JSON': put('"Secret', 'AccessKey": "', signs(40), '"'),
  'Azure storage key': put('Account', 'Key=', signs(86), '=='),
  'Azure queue key': put('SharedAccess', 'Key=', signs(43), '='),
  'Azure signed address': put('https://x.blob.core.windows.net/c?sv=2024-01-01&', 'sig=', signs(43), '%3D'),
  'Azure client secret': put(signs(3), '8Q~', signs(34)),
  'Google API key': put('AIza', signs(35)),
  'Google client secret': put('GOCSPX', '-', signs(28)),
  'Google access token': put('ya29', '.', signs(60)),
  'JSON web token': put('eyJ', signs(20), '.eyJ', signs(40), '.', signs(43)),
  'password in an address': put('https://ann:', signs(12), '@git.example/x'),
  'password of a database': put('postgres', 'ql://ann:', signs(12), '@db.example:5432/x'),
  'password of a proxy': put('http://', 'EXAMPLE%5Cann:', signs(12), '@proxy.example:8080'),
  'RSA private key': put('-----BEGIN RSA ', 'PRIVATE KEY-----\n', signs(64), '\n-----END RSA ', 'PRIVATE KEY-----'),
  'OpenSSH private key': put(
    '-----BEGIN OPENSSH ',
    'PRIVATE KEY-----\n',
    signs(64),
    '\n-----END OPENSSH ',
    'PRIVATE KEY-----',
  ),
  'private key of a service account': put(
    '{"private_',
    'key": "-----BEGIN ',
    'PRIVATE KEY-----\\n',
    signs(64),
    '\\n-----END ',
    'PRIVATE KEY-----\\n"}',
  ),
};

/** What looks a little like a key, and is none. */
export const HARMLESS: readonly string[] = [
  'class="sk-toggleable__label-arrow sk-estimator-doc-link"',
  'https://example.com:8080/a@b',
  'postgresql://user:password@localhost/test',
  'the hf_hub_download of npm_config_registry; pypi-simple; glpat-',
  'sig=short&AccountKey=…',
  'eyJhbGciOiJIUzI1NiJ9',
  put('sha256-', hex(64)),
];

/** Whether eight signs in a row of its secret part are in a text. */
export function isInside(secret: string, text: string): boolean {
  const body = secret.split(/[^A-Za-z0-9]+/).filter((part) => part.length >= 8 && /\d/.test(part));
  return body.some((part) =>
    Array.from({ length: part.length - 7 }, (_, at) => part.slice(at, at + 8)).some(
      (eight) => /\d/.test(eight) && text.includes(eight),
    ),
  );
}
