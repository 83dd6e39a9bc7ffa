import { createMeter } from './create-meter.ts';
import { meterDependencies } from './dependencies.ts';

/** The Lambda function behind the usage queue and its schedule: what it does is in create-meter.ts. */
export const handler = createMeter(meterDependencies(process.env));
