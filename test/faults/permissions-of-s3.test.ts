import { denyEach } from './permissions/deny-each';

denyEach(/^s3:/);
