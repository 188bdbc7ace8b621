/** A virtual environment of the app's own, where it has one. */
const ENVIRONMENT = '/opt/app-environment';

/** Where what an app runs is looked for. */
export const BUILD_PATH = [
  `${ENVIRONMENT}/bin`,
  '/databricks/python3/bin',
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
].join(':');

/** What apps with pip find on the platform, two years old (docs/facts/apps.md section 4). */
const PREINSTALLED = [
  'dash==2.18.1',
  'dash-ag-grid==31.2.0',
  'dash-mantine-components==0.14.4',
  'dash-bootstrap-components==1.6.0',
  'plotly==5.24.1',
  'plotly-resampler==0.10.0',
  'flask==3.0.3',
  'fastapi==0.115.0',
  'uvicorn==0.30.6',
  'gunicorn==23.0.0',
  'streamlit==1.38.0',
  'gradio==4.44.0',
  'shiny==1.1.0',
  'databricks-sdk==0.33.0',
  'databricks-sql-connector==3.4.0',
  'mlflow-skinny==2.16.2',
  'huggingface-hub==0.35.3',
];

/** Those of which the folder of packages has a wheel in that very version. @param packages names of its files */
function preinstalledOf(packages: readonly string[]): string[] {
  const wheels = packages.map((file) => file.toLowerCase().replaceAll(/[-_.]+/g, '-'));
  return PREINSTALLED.filter((pin) =>
    wheels.some((wheel) => wheel.startsWith(`${pin.replace('==', '-').replaceAll('.', '-')}-py`)),
  );
}

interface BuildStep {
  readonly says: string;
  readonly argv: readonly string[];
}

/**
 * What installs what an app needs, in the order of the platform (docs/facts/apps.md section 4). There is no network:
 * packages for pip come from this computer, if it has any, and whatever finds none fails in its own words.
 */
export function buildSteps(files: ReadonlyMap<string, Buffer>, packages: readonly string[] | undefined): BuildStep[] {
  const steps: BuildStep[] = [];
  const npm = files.has('package.json');
  if (npm && files.has('pnpm-lock.yaml')) steps.push({ says: 'pnpm install', argv: ['pnpm', 'install'] });
  else if (npm) steps.push({ says: 'npm install', argv: ['npm', 'install'] });
  const isUv = files.has('pyproject.toml') && files.has('uv.lock');
  const there = npm ? [] : preinstalledOf(packages ?? []);
  if (files.has('requirements.txt') || (!isUv && there.length > 0)) {
    const found = packages ? ['--find-links', '/run/packages'] : [];
    const pip = [
      `${ENVIRONMENT}/bin/pip`,
      'install',
      '--disable-pip-version-check',
      '--no-compile',
      '--no-index',
      ...found,
    ];
    steps.push(
      { says: 'python -m venv', argv: ['/usr/bin/python3', '-m', 'venv', ENVIRONMENT] },
      // The platform has them already: what an app pins in another version replaces them.
      ...(there.length > 0 ? [{ says: `preinstalled: ${there.join(', ')}`, argv: [...pip, ...there] }] : []),
      ...(files.has('requirements.txt')
        ? [{ says: 'pip install -r requirements.txt', argv: [...pip, '-r', 'requirements.txt'] }]
        : []),
    );
  } else if (isUv) {
    steps.push({ says: 'uv sync', argv: ['uv', 'sync'] });
  }
  if (npm && hasBuildScript(files)) steps.push({ says: 'npm run build', argv: ['npm', 'run', 'build'] });
  return steps;
}

function hasBuildScript(files: ReadonlyMap<string, Buffer>): boolean {
  try {
    const { scripts } = JSON.parse(files.get('package.json')?.toString() ?? '') as { scripts?: Record<string, string> };
    return scripts?.['build'] !== undefined;
  } catch {
    return false;
  }
}
