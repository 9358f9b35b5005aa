/** CloudFormation stack, where none is named. */
export const STACK = 'SlipwayStack';

export const STACK_OPTION = '--stack <name>';
