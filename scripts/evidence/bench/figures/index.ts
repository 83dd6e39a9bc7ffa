import type { Figure } from '../figure.ts';
import { accept } from './accept.ts';
import { batch } from './batch.ts';
import { bundle } from './bundle.ts';
import { heap } from './heap.ts';
import { http } from './http.ts';
import { idle } from './idle.ts';
import { init } from './init.ts';
import { kit, users } from './kit.ts';
import { pipeline } from './pipeline.ts';
import { roundTrips } from './round-trips.ts';
import { scale } from './scale.ts';
import { server } from './server.ts';
import { units } from './units.ts';

/** Every group of figures by its name, in the order of the table; `references`: whether R takes part. */
export const FIGURES: Readonly<Record<string, { readonly measure: Figure; readonly references: boolean }>> = {
  accept: { measure: accept, references: true },
  pipeline: { measure: pipeline, references: false },
  'round-trips': { measure: roundTrips, references: true },
  bundle: { measure: bundle, references: true },
  init: { measure: init, references: true },
  http: { measure: http, references: true },
  server: { measure: server, references: false },
  scale: { measure: scale, references: false },
  units: { measure: units, references: true },
  idle: { measure: idle, references: false },
  batch: { measure: batch, references: false },
  kit: { measure: kit, references: false },
  users: { measure: users, references: false },
  heap: { measure: heap, references: false },
};
