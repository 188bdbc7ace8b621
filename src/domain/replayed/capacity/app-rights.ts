/**
 * Where an admin looks up who may create apps: nothing of it can be read from outside (docs/facts/apps.md section 3).
 * The last word has one app that an ordinary attendee makes.
 */
export const APP_RIGHTS_TO_ASK: readonly string[] = [
  'Ask the admin whether everybody on the roster may create apps. No right of that name can be read from outside, so',
  'somebody looks:',
  '- Settings > Compute > Databricks Apps: the switch is on. Premium plan.',
  '- Settings > Apps, or Previews: no rule that apps come from Git only (deploy-app uploads a folder).',
  '- The account has room for one more OAuth integration an app, of 1,000: an account admin types',
  '  databricks account custom-app-integration list',
  '- Then one tester types deploy-app on their cluster: that it works is the proof. Remove it afterwards:',
  '  databricks apps delete <name>',
];
