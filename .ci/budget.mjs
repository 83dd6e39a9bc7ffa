import { LANES } from '../scripts/evidence/lanes.mjs';

console.log(LANES.ci.minutes);
