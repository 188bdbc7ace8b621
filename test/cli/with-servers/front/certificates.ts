import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const DAYS = ['-days', '2'];

export const hasOpenssl = ((): boolean => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

/** Where a certificate and its key are. */
export interface Pair {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** An authority that is made for a test, and what it signs: files of a folder that goes with the test. */
export class Authority {
  readonly #folder: string;
  readonly #name: string;
  readonly #own: Pair;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    const { certFile, keyFile } = this.#files(name);
    openssl('req', '-x509', ...EC, ...DAYS, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certFile);
    this.#own = this.#pair(name);
  }

  get certFile(): string {
    return this.#own.certFile;
  }

  get cert(): Buffer {
    return this.#own.cert;
  }

  /** @param names like `DNS:example.invalid,IP:127.0.0.1`; nobody's if not given */
  sign(name: string, names = 'DNS:nobody.invalid'): Pair {
    const { certFile, keyFile } = this.#files(name);
    const [request, more] = [join(this.#folder, `${name}.csr`), join(this.#folder, `${name}.ext`)];
    writeFileSync(more, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
    openssl('req', '-new', ...EC, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', request);
    const by = ['-CA', this.#own.certFile, '-CAkey', this.#own.keyFile, '-CAcreateserial'];
    openssl('x509', '-req', ...DAYS, '-in', request, ...by, '-extfile', more, '-out', certFile);
    return this.#pair(name);
  }

  #files(name: string): Pick<Pair, 'certFile' | 'keyFile'> {
    const stem = join(this.#folder, `${this.#name}-${name}`);
    return { certFile: `${stem}.pem`, keyFile: `${stem}.key` };
  }

  #pair(name: string): Pair {
    const { certFile, keyFile } = this.#files(name);
    return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
