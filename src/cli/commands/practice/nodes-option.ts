import { Option } from 'commander';

/** `--nodes`, for every command that runs a sandbox. */
export const nodesOption = (): Option =>
  new Option(
    '--nodes <kind>',
    'on which clusters of the sandbox things really run, in isolated roots on this computer: all, none, or (auto, ' +
      'the default) the first few that work comes to',
  ).choices(['real', 'simulated', 'auto']);
