export { createEcr, type Ecr } from './ecr';
