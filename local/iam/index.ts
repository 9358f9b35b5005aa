export { createIam, type Iam, type RoleSpec } from './iam';
export type { Service } from './requirements';
export type { PolicyDocument, Statement } from './statement';
