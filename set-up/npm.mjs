import { spawn } from 'node:child_process';
import { delimiter, resolve, sep } from 'node:path';
import { ticking } from './ticking.mjs';

/** What npm says when something is amiss, and what that means for the person in front of it. */
const EXPLANATIONS = /** @type {const} */ ([
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EIDLETIMEOUT/,
    'npm cannot reach its registry. Check the network, and the proxy if there is one (npm config ' +
      'get proxy, https-proxy).',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_/,
    "The registry's certificate is not trusted; a company proxy may be in between. Set " +
      'NODE_EXTRA_CA_CERTS, or npm config set cafile, to its certificate.',
  ],
  [/\bE40[13]\b/, 'The registry refuses access. Check the log-in of your npm (npm whoami, npm config get registry).'],
  [
    /\b(E404|ETARGET)\b/,
    'The registry lacks one of the packages. If npm uses a mirror, see whether it is complete (npm ' +
      'config get registry).',
  ],
  [/ENOSPC/, 'The disk is full.'],
  [/EACCES|EPERM|EROFS/, 'npm may not write here. Clone the repository into a folder of your own.'],
]);

/**
 * `npm ci`, shown as a line that counts the seconds. npm's own chatter is kept back and shown only when it fails.
 * @param {string} root the folder with package.json
 */
export async function cleanInstall(root) {
  const started = Date.now();
  const { code, output } = await ticking('Installing the dependencies (npm ci)', runNpm(root));
  if (code === 0) {
    process.stderr.write(`Dependencies installed in ${Math.round((Date.now() - started) / 1_000)} s.\n`);
    return;
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/EBADENGINE|^npm warn/.test(line));
  const meaning = EXPLANATIONS.find(([sign]) => sign.test(output))?.[1];
  throw new Error(
    'The dependencies could not be installed: npm ci ended with ' +
      `${code}.\n${lines.slice(-15).join('\n')}\n\n${meaning ?? "npm's own words are above."} Then ` +
      'run this again.',
  );
}

/**
 * @param {string} root
 * @returns {Promise<{code: number, output: string}>}
 */
function runNpm(root) {
  // The project needs its development dependencies (Node 24 is one) whatever NODE_ENV says.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--progress=false'];
  return new Promise((done, fail) => {
    const npm = spawn('npm', args, { cwd: root, env: withoutOwnBinaries(root), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (text) => (output = (output + text).slice(-20_000)));
    npm.on('error', (error) =>
      fail(
        'code' in error && error.code === 'ENOENT'
          ? new Error(
              'npm is missing. It usually comes with Node.js (https://nodejs.org); on Debian and ' +
                'Ubuntu it is a package of its own: apt-get install npm. Then run this again.',
            )
          : error,
      ),
    );
    npm.on('close', (code, signal) =>
      done({ code: code ?? 1, output: signal ? `${output}\nnpm was stopped by ${signal}.` : output }),
    );
  });
}

/**
 * `npm start` puts node_modules/.bin first on the PATH; npm must not run on a Node that it is about to delete.
 * @param {string} root
 */
function withoutOwnBinaries(root) {
  const own = resolve(root, 'node_modules') + sep;
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !resolve(folder).startsWith(own));
  return { ...process.env, PATH: path.join(delimiter) };
}
