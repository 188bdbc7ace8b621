import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { whyNotReal } from '../../../sandbox/index.ts';
import { signedIn, visit } from '../../../sandbox/test/apps/running-apps.ts';
import { ANN } from '../../../sandbox/test/harness.ts';
import { pythonWheels } from '../../../src/cli/bundle/python-wheels.ts';
import { INIT_SCRIPTS, STAND_IN, standInBundle, workshopSandbox } from '../workshop-node.ts';

const wheels = await pythonWheels(join(INIT_SCRIPTS, 'exercise', 'requirements.txt'));
const why =
  (await whyNotReal()) ?? ('reason' in wheels ? `needs the exercise's packages: ${wheels.reason}` : undefined);
const name = 'the app of the exercise in the workspace';

/** A Dash app as Claude Code might write it. */
const app = (title: string): string => `import os
import plotly.express as px
from dash import Dash, dcc
app = Dash(__name__, title='Bikes')
app.layout = dcc.Graph(figure=px.line(x=['May', 'June'], y=[1, 2], title='${title}'))
app.run(host='0.0.0.0', port=int(os.environ.get('DATABRICKS_APP_PORT', 8000)))
`;
/** Installed twice, on a computer that has other work. */
const PATIENCE_MS = 550_000;

describe.skipIf(why !== undefined)(why === undefined ? name : `${name} (left out: ${why})`, () => {
  const opened = workshopSandbox(standInBundle, 'folder' in wheels ? { appPackages: wheels.folder } : {});

  test(
    'deploy-app puts it up where people can see it, and updates it when it has changed',
    async () => {
      const { launch, sandbox } = opened();
      const { session } = await launch({
        WORKSHOP_CLAUDE_VERSION: STAND_IN,
        WORKSHOP_ID: 'spring-apps',
        WORKSHOP_APP_LIMIT: '7',
      });
      const deploy = async (title: string) => {
        const typed = `cat > ~/workshop/dash-app/app.py <<'PYTHON'\n${app(title)}PYTHON\ndeploy-app`;
        const ran = await session(typed, { limitMs: PATIENCE_MS / 2 });
        expect(ran.code, ran.stdout + ran.stderr).toBe(0);
        expect(ran.stdout + ran.stderr).not.toContain(ran.token);
        return { ...ran, url: /\nThe app is at (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(ran.stdout)?.[1] ?? ran.stdout };
      };
      const page = async (url: string, path: string) => {
        const answer = await visit(`${url}${path}`, await signedIn(sandbox, ANN));
        return [answer.status, await answer.text()];
      };
      const first = await deploy('rentals');
      expect(first.stdout).toContain('There is room: 0 of 7 apps are ');
      expect(await page(first.url, '/')).toEqual([200, expect.stringContaining('<title>Bikes</title>')]);
      expect(await page(first.url, '/_dash-layout')).toEqual([200, expect.stringContaining('"text":"rentals"')]);
      expect((await visit(first.url, sandbox.tokenFor(ANN))).status).toBe(302);
      const [made] = sandbox.books().apps;
      expect(made).toMatchObject({ creator: ANN, appState: 'RUNNING' });

      const second = await deploy('returns');
      expect(second.url).toBe(first.url);
      expect(second.stdout).not.toContain('Made the app');
      expect(await page(second.url, '/_dash-layout')).toEqual([200, expect.stringContaining('"text":"returns"')]);
      const deployments = [...(made?.deployments ?? []), { sourceCodePath: made?.deployments.at(-1)?.sourceCodePath }];
      expect(sandbox.books().apps).toMatchObject([{ name: made?.name, createdAt: made?.createdAt, deployments }]);
    },
    PATIENCE_MS,
  );
});
