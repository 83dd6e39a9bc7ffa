import base from './jest.config.mjs';
import { OWN_PROCESSES } from './jest.coverage.mjs';

/** The other half of the lane of `.ci/run`: the tests that `npm run coverage` leaves out, so that each runs once. */
export default { ...base, testMatch: OWN_PROCESSES.map((folder) => `<rootDir>/tests/${folder}/**/*.test.ts`) };
