import type { Plan } from '../../../domain/plan/plan.ts';
import { bundleFor, type Bundle } from '../../bundle/bundle-for.ts';
import { EXIT } from '../../input/exit.ts';
import { planAlone } from '../../input/input-files.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { stageIn } from '../../bundle/stage-bundle.ts';
import { withWorkspace } from '../../input/with-workspace.ts';
import { writableFolder } from '../../input/writable-folder.ts';
import { writeBundle } from '../../bundle/write-bundle.ts';

export interface BundleOptions {
  readonly dryRun?: boolean;
  readonly output?: string;
  readonly wheels: boolean;
  readonly cliArchives?: string;
  readonly json?: boolean;
}

/** Fetches and checks everything, then uploads, writes or lists it. @throws {WrongInput} */
export async function makeBundle(file: string, options: BundleOptions): Promise<void> {
  const plan = await planAlone(file);
  // Before minutes of fetching.
  const output = options.output === undefined ? undefined : await writableFolder(options.output, '--output');
  const bundle = await bundleFor(plan, { wheels: options.wheels, cliArchives: options.cliArchives, say });
  if (output !== undefined) show(plan, bundle, await writeBundle(bundle, output), output, options);
  else if (options.dryRun)
    show(
      plan,
      bundle,
      bundle.files.map(({ name, size }) => ({ name, size, done: 'would be uploaded' })),
      bundle.volume,
      options,
    );
  else
    await withWorkspace(plan.workspace, async ({ workspace }) =>
      show(plan, bundle, await stageIn(workspace, plan, bundle, say), bundle.volume, options),
    );
  process.exitCode = bundle.missing === undefined ? EXIT.ok : EXIT.notAsWanted;
}

function show(
  plan: Plan,
  bundle: Bundle,
  files: readonly { readonly name: string; readonly size: number; readonly done: string }[],
  where: string,
  { json }: BundleOptions,
): void {
  if (json)
    return printJson({
      claudeCode: plan.claudeCode.version,
      databricksCli: plan.databricksCli.version ?? null,
      where,
      files,
      missing: bundle.missing ?? null,
    });
  print(
    [
      `Claude Code ${plan.claudeCode.version}, sha256 ${bundle.sha256}`,
      `${where}:`,
      ...files.map(({ name, size, done }) => `  ${name} (${sizeText(size)}) ${done}`),
    ].join('\n'),
  );
  if (bundle.missing !== undefined) say(bundle.missing);
}

const sizeText = (bytes: number): string =>
  bytes < 100_000 ? `${bytes} bytes` : `${(bytes / 1_000_000).toFixed(1)} MB`;
