/**
 * A role for one repository's workflows on GitHub. It may drop tarballs under `team-a/` and follow its pushes; it holds
 * no permission of ECR at all.
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { OpenIdConnectPrincipal, OpenIdConnectProvider, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Slipway } from 'ecr-slipway';

const stack = new Stack(new App(), 'Images');
const { dropBucket, imagePush } = new Slipway(stack, 'Slipway', {
  drops: [{ prefix: 'team-a/', repositories: ['team-a/*'], createRepositories: {} }],
});

const arn = `arn:aws:iam::${stack.account}:oidc-provider/token.actions.githubusercontent.com`;
const github = OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'GitHub', arn);
const role = new Role(stack, 'DropTeamA', {
  assumedBy: new OpenIdConnectPrincipal(github, {
    StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
    StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/app:*' },
  }),
});
dropBucket.grantPut(role, 'team-a/*');
imagePush.stateMachine.grantExecution(role, 'states:DescribeExecution', 'states:GetExecutionHistory');
role.addToPolicy(new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }));
new CfnOutput(stack, 'DropTeamARoleArn', { value: role.roleArn });
