/**
 * Repositories belong to a stack of their own, with immutable tags and a rule that lets old images expire. Slipway
 * pushes to these, and creates none.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { Slipway } from 'ecr-slipway';

const app = new App();
const repositories = new Stack(app, 'Repositories');
const names = ['team-a/app', 'team-a/worker'];
for (const repositoryName of names) {
  new Repository(repositories, repositoryName.replace('/', '-'), {
    repositoryName,
    imageTagMutability: TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    lifecycleRules: [{ maxImageAge: Duration.days(365) }],
  });
}

const images = new Stack(app, 'Images');
images.addStackDependency(repositories);
new Slipway(images, 'Slipway', { drops: [{ prefix: 'team-a/', repositories: names }] });
