/**
 * Two teams share one deployment. Each drops under its own prefix, and can reach its own repositories alone; both may
 * push to `shared/`, where images must exist before, for only the teams' own repositories are created.
 */
import { App, Stack } from 'aws-cdk-lib';
import { Slipway } from 'ecr-slipway';

const stack = new Stack(new App(), 'Images');
new Slipway(stack, 'Slipway', {
  drops: [
    { prefix: 'team-a/', repositories: ['team-a/*', 'shared/*'] },
    { prefix: 'team-b/', repositories: ['team-b/*', 'shared/*'] },
  ],
  createRepositories: ['team-a/*', 'team-b/*'],
});
