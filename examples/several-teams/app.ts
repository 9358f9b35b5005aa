/**
 * Two teams share one deployment. Each drops under its own prefix, and can reach its own repositories alone, which are
 * created as the team wants them; both may push to `shared/`, whose repositories must be there before.
 */
import { App, Stack } from 'aws-cdk-lib';
import { Slipway } from 'ecr-slipway';

const stack = new Stack(new App(), 'Images');
new Slipway(stack, 'Slipway', {
  drops: [
    {
      prefix: 'team-a/',
      repositories: ['team-a/*', 'shared/*'],
      createRepositories: { repositories: ['team-a/*'], immutableTags: true, tags: { team: 'a' } },
    },
    {
      prefix: 'team-b/',
      repositories: ['team-b/*', 'shared/*'],
      createRepositories: { repositories: ['team-b/*'], scanOnPush: true, tags: { team: 'b' } },
    },
  ],
});
