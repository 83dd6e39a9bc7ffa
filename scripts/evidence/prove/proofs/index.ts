import type { Proof } from '../proof.ts';
import { classicFaults } from './classic-faults.ts';
import { crash } from './crash.ts';
import { disasters } from './disasters.ts';
import { fuzz } from './fuzz.ts';
import { largestDay } from './largest-day.ts';
import { linearizable } from './linearizable.ts';
import { load } from './load.ts';
import { outages } from './outages.ts';
import { planted } from './planted.ts';
import { promises } from './promises.ts';
import { schedules } from './schedules.ts';
import { servers } from './servers.ts';

/** Every proof, in the order in which they are run. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  'classic-faults': classicFaults,
  promises,
  schedules,
  planted,
  outages,
  disasters,
  crash,
  linearizable,
  fuzz,
  load,
  servers,
  'largest-day': largestDay,
};
