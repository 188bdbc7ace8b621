import { expect } from 'vitest';
import { ANN } from '../../sandbox/test/harness.ts';
import { reportIn, SCRIPTS, type Ran } from './workshop-node.ts';

/** The job as it lies in the scripts volume. */
export const JOB = `${SCRIPTS}/jobs/as-attendee.py`;
/** Where the commands lie on a node that are not typed by people. */
export const LIB = '/opt/claude-workshop/lib';
/** Where ~/workshop of Ann's cluster leads to. */
export const WORK = `/Workspace/Users/${ANN}/claude-workshop`;
/** Where her work is saved to. */
export const SAVED = `${WORK}/saved-from-cluster`;

/** What a job reported that ran in a session. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a job answered
export const reported = ({ code, stdout, stderr }: Ran): any => {
  expect(code, stderr).toBe(0);
  return reportIn(stdout);
};

/** Bash that runs the job with a context of one's own. @param context Python, the body of get_context */
export const withContext = (context: string, parameters: readonly string[], job = JOB): string =>
  `mkdir -p /tmp/fake/dbruntime
   printf '%s\\n' 'def get_context():' '    ${context}' > /tmp/fake/dbruntime/databricks_repl_context.py
   PYTHONPATH=/tmp/fake python3 ${job} ${parameters.join(' ')}`;
