import { expect, test } from 'vitest';
import { describeWithClaudeCode, workshopSandbox } from './workshop-node.ts';

describeWithClaudeCode('the first minute on a cluster', () => {
  const opened = workshopSandbox();
  test('try', async () => {
    const { launch, admin } = opened();
    const began = performance.now();
    const { cluster, session, id } = await launch();
    console.log(cluster.state, JSON.stringify(cluster.termination_reason), performance.now() - began);
    if (cluster.state !== 'RUNNING') {
      const l = await admin('GET', `/api/2.0/fs/files/Volumes/main/default/workshop_logs/${id}/init-script-claude.log`);
      console.log(l.text);
      return;
    }
    for (const c of ['cat /tmp/init-script-claude.log', 'check-claude --deep', 'check-claude --json', 'claude-debug', 'claude-token-status; echo $?', 'claude-refresh-token; echo $?', 'claude-vscode-setup', 'claude-vscode-env', 'claude-vscode-check', 'claude-tracing-enable', 'exercise-check; echo $?; ls -la ~ ~/workshop/ ~/workshop/dash-app', 'time claude -p "Run: echo hello-from-tool"']) {
      const b = performance.now();
      const r = await session(c);
      console.log(`\n#### ${c} -> ${r.code} (${Math.round(performance.now() - b)} ms)\n${r.stdout}\n${r.stderr}`);
    }
  }, 300_000);
});
