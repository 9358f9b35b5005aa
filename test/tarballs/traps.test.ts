import { TRAPS } from '../fixtures';
import { pushEach } from './matrix';

pushEach(TRAPS);
