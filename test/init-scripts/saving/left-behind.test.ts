import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HARMLESS, INVENTED_SECRETS } from '../secrets/invented-secrets.ts';

const SAVE_WORK = join(import.meta.dirname, '..', '..', '..', 'init-scripts', 'lib', 'save-work');
const ANN = 'ann@example.com';
const lacking = ['python3', 'git'].find((program) => spawnSync(program, ['--version']).status !== 0);

type Git = (...args: string[]) => void;

interface Saved {
  readonly state: string;
  readonly files: number;
  readonly said: string;
  readonly leftInAll: number;
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/** A home folder and a folder of Ann's in the workspace, on this computer's own disk. */
function home() {
  const folder = mkdtempSync(join(tmpdir(), 'save-work-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [own, users] = [join(folder, 'home'), join(folder, 'users')];
  for (const each of [own, join(users, ANN)]) mkdirSync(each, { recursive: true });
  const env = { PATH: process.env['PATH'], HOME: own, WORKSHOP_USER: ANN, WORKSHOP_USERS_FOLDER: users };
  return {
    put: (path: string, text: string): void => {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), text);
    },
    /** `{home}` stands for the home folder. */
    link: (target: string, path: string): void => {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      symlinkSync(target.replace('{home}', own), join(own, path));
    },
    /** In the folder of what was saved. */
    run: (command: string): string => {
      const cwd = join(users, ANN, 'claude-workshop/saved-from-cluster');
      return execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8' });
    },
    git: (below: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ann', '-c', `user.email=${ANN}`, ...args], { cwd: join(own, below), env }),
    save: (): Saved & { readonly code: number | null } => {
      const { stdout, stderr, status } = spawnSync('python3', [SAVE_WORK, '--json'], { env, encoding: 'utf8' });
      expect(stderr).toBe('');
      return { ...(JSON.parse(stdout) as Saved), code: status };
    },
    there: (below = ''): string[] => {
      const place = join(users, ANN, 'claude-workshop/saved-from-cluster', below);
      return existsSync(place) ? readdirSync(place) : [];
    },
  };
}

describe.skipIf(lacking !== undefined)(
  `what save-work leaves behind${lacking === undefined ? '' : ` (skipped: no ${lacking} on this machine)`}`,
  () => {
    test('links within the home folder are kept as what makes them again; one that leads out is named', () => {
      const { put, link, save, there, run } = home();
      put('proj/a.py', 'print(1)\n');
      link('proj/a.py', "it's rel.py");
      link('proj', 'plink');
      link('/proj-elsewhere', 'out');
      link('{home}/proj/a.py', 'proj/deep/abs.py');
      const saved = save();
      expect(saved).toMatchObject({ state: 'partly', files: 2, leftInAll: 1 });
      expect(saved.left).toEqual([{ path: 'out', why: 'is a link to /proj-elsewhere' }]);
      expect(there().toSorted()).toEqual(['.saved.json', 'links-from-cluster.sh', 'proj']);
      // The second time nothing is written, and nothing gets a number.
      expect(save()).toMatchObject({ files: 2 });
      expect(there()).toHaveLength(3);
      for (let times = 0; times < 2; times += 1) expect(run('sh links-from-cluster.sh')).toBe('');
      const read = ["it's rel.py", 'plink/a.py', 'proj/deep/abs.py'].map((path) => run(`cat "${path}"`));
      expect(read).toEqual(Array(3).fill('print(1)\n'));
      expect(run('readlink plink')).toBe('proj\n');
    });

    test('what somebody wrote comes before ten thousand generated files, and those are counted', () => {
      const { put, save, there } = home();
      for (let n = 0; n < 3_000; n += 1) {
        put(`data/part-${n}.csv`, '');
        put(`site/${n}/index.html`, '');
        put(`gen/model_${n}.py`, '');
      }
      for (let n = 0; n < 1_000; n += 1) put(`app/build/${n}-${'abcde'[n % 5]}.json`, '');
      put('app/app.py', 'print("longer than all that was generated")\n'.repeat(50));
      put('app/model.bin', 'x'.repeat(5_000));
      put('app/node_modules/x/index.js', '');
      const { state, files, left, leftInAll, said, code } = save();
      expect({ state, files, leftInAll, code }).toEqual({ state: 'partly', files: 5_000, leftInAll: 5_002, code: 1 });
      expect(left).toHaveLength(200);
      expect(there('app')).toEqual(expect.arrayContaining(['app.py', 'model.bin']));
      expect(there('app')).not.toContain('build');
      expect(said).toMatch(/^In part: 5000 files .*; left out: .*, and 4997 more; .*again: node_modules \(1 in all\);/);
    });

    test('saved is only what is saved without a rest; what is left by a rule is named, and no failure', () => {
      const { put, save } = home();
      put('app.py', 'print(1)\n');
      expect(save()).toMatchObject({ state: 'saved', leftInAll: 0, code: 0 });
      put('.streamlit/config.toml', '');
      put('app/.streamlit/secrets.toml', 'x = 1\n');
      put('.env', 'x=1\n');
      const { state, left, code } = save();
      expect({ state, code }).toEqual({ state: 'partly', code: 0 });
      expect(left.map(({ path }) => path).sort()).toEqual(['.env', 'app/.streamlit/secrets.toml']);
    });

    test.each(Object.entries(INVENTED_SECRETS))('%s', (_, secret) => {
      const { put, save, there } = home();
      put('app.py', `first = 1\nvalue = '${secret}'\n`);
      put('other.py', 'x = 1\n');
      expect(save().left).toEqual([{ path: 'app.py', why: 'has a key or a token in it' }]);
      expect(there()).not.toContain('app.py');
    });

    test('what only looks a little like one is saved', () => {
      const { put, save } = home();
      for (const [n, text] of HARMLESS.entries()) put(`file-${n}.md`, text);
      expect(save()).toMatchObject({ state: 'saved', files: HARMLESS.length, left: [] });
    });

    describe('a repository', () => {
      const key = INVENTED_SECRETS['GitLab personal token'] ?? '';
      const opened = (...ways: readonly ((git: Git) => void)[]) => {
        const at = home();
        at.put('repo/a.txt', 'one\n');
        at.git('repo', 'init', '-q', '-b', 'main');
        const git = (...args: string[]): void => void at.git('repo', ...args);
        git('add', '.');
        git('commit', '-qm', 'first');
        at.put('repo/keys.py', `key = '${key}'\n`);
        git('add', '.');
        for (const way of ways) way(git);
        rmSync(join(at.git('repo', 'rev-parse', '--show-toplevel').toString().trim(), 'keys.py'), { force: true });
        return at;
      };
      const removed = (git: Git): void => {
        git('commit', '-qm', 'second');
        git('rm', '-q', 'keys.py');
        git('commit', '-qm', 'third');
      };
      const IN_HISTORY = 'has a key or a token in it, in its history';
      test.each([
        ['committed and removed again', [removed], 'keys.py'],
        ['packed', [removed, (git: Git) => git('gc', '-q')], 'keys.py'],
        [
          'on a branch that is not there any more',
          [removed, (git: Git) => git('checkout', '-q', '--orphan', 'x')],
          'keys.py',
        ],
        ['only added', [(git: Git) => git('reset', '-q')], 'what no branch leads to any more, or a message'],
      ] as const)('with a key that was %s is named and left, its files are saved', (_, ways, name) => {
        const { save, there } = opened(...ways);
        const { state, left } = save();
        expect(state).toBe('partly');
        expect(left).toEqual([
          { path: 'repo/.git', why: `${IN_HISTORY} (${name}): its files are saved without the commits` },
        ]);
        expect(there('repo')).toEqual(['a.txt']);
      });

      test('without one is saved as an archive', () => {
        const at = home();
        at.put('repo/a.txt', 'one\n');
        at.git('repo', 'init', '-q');
        at.git('repo', 'add', '.');
        at.git('repo', 'commit', '-qm', 'first');
        expect(at.save()).toMatchObject({ state: 'saved', left: [] });
        expect(at.there('repo')).toEqual(['a.txt', 'git.tar.gz']);
      });

      test('that git does not read is no repository without keys', () => {
        const at = opened(removed);
        at.put('repo/.git/objects/pack/pack-1.idx', 'nonsense');
        at.put('repo/.git/HEAD', 'nonsense');
        const { state, said } = at.save();
        expect(state).toBe('failed');
        expect(said).toContain('repo/.git its history cannot be searched for keys');
      });
    });
  },
);
