/**
 * The proxy through which the `databricks` CLI reaches an address, as Go's clients decide it: HTTPS_PROXY or
 * HTTP_PROXY, but for this computer itself and what NO_PROXY names (docs/facts/databricks.md section 5). Undefined when
 * it goes there directly.
 */
export function proxyFor(address: string, env: NodeJS.ProcessEnv): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const given = (env[name] || env[name.toLowerCase()] || '').trim();
  if (given === '' || isThisComputer(hostname)) return undefined;
  const exempt = (env['NO_PROXY'] || env['no_proxy'] || '')
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const host = bare(hostname);
  if (exempt.some((entry) => covers(entry, host, port || (protocol === 'https:' ? '443' : '80')))) return undefined;
  return URL.parse(/^[a-z0-9+.-]+:\/\//i.test(given) ? given : `http://${given}`) ?? undefined;
}

const isThisComputer = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$/g, '');

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const range = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(entry);
  if (range) return isWithin(host, range[1] ?? '', Number(range[2]));
  const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  // `.example.com` and `*.example.com` are for what lies below; `example.com` is for itself, too.
  if (name.startsWith('*.') || name.startsWith('.')) return host.endsWith(name.replace(/^\*/, ''));
  return host === bare(name) || host.endsWith(`.${name}`);
}

function isWithin(host: string, network: string, bits: number): boolean {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host) || bits > 32) return false;
  const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  return Math.floor(number(host) / size) === Math.floor(number(network) / size);
}
