// Makes sure that the dependencies are there, and prints the path of the Node that runs the project.
// Plain JavaScript without imports of its own at the top: it has to explain itself on any Node, even one far too old.
const OLDEST_NODE = 20;

const major = Number.parseInt(process.versions.node, 10);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `This is Node ${process.versions.node}; setting up needs version ${OLDEST_NODE} or newer. ` +
      'Install it from https://nodejs.org and run this again.\n',
  );
  process.exit(1);
}

import('./dependencies.mjs')
  .then(({ ensureDependencies }) => ensureDependencies())
  .then(
    (node) => process.stdout.write(node),
    (error) => {
      process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
