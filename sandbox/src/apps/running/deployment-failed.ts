/** Why code was not deployed, in words for whoever deploys it. */
export class DeploymentFailed extends Error {
  override readonly name = 'DeploymentFailed';
}
