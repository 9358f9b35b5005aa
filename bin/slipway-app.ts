import { App } from 'aws-cdk-lib';
import { SlipwayStack } from '../lib';

new SlipwayStack(new App(), 'SlipwayStack', {
  description: 'Slipway: image tarballs dropped in S3 go to Amazon ECR',
});
