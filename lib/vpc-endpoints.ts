import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged';

export interface VpcEndpointsProps {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly tracing: boolean;
}

/** The ways by which functions in a VPC reach what they call, where the VPC has no way out. */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, { vpc, vpcSubnets, tracing }: VpcEndpointsProps) {
    super(scope, id);
    vpc.addGatewayEndpoint('SlipwayS3', {
      service: GatewayVpcEndpointAwsService.S3,
      ...(vpcSubnets && { subnets: [vpcSubnets] }),
    });
    const services = {
      // Only the API is called: layers are read from S3, and nothing is pulled.
      Ecr: InterfaceVpcEndpointAwsService.ECR,
      StepFunctions: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
      EventBridge: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
      Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      ...(tracing && { XRay: InterfaceVpcEndpointAwsService.XRAY }),
    };
    for (const [name, service] of Object.entries(services)) {
      const options = { service, ...(vpcSubnets && { subnets: vpcSubnets }) };
      acknowledge(vpc.addInterfaceEndpoint(`Slipway${name}`, options), 'AwsSolutions-EC23');
    }
  }
}
