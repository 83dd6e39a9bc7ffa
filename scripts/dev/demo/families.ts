import { Problem } from '../problem.ts';
import { createActor } from './actor.ts';
import { playGateway } from './gateway.ts';
import { playKit } from './kit.ts';
import { playLicense } from './license.ts';
import { playLife, playShortLife } from './life.ts';
import { playModels } from './models.ts';
import { playOnlineLicense } from './online-license.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';
import { playV1 } from './v1.ts';

/** Plays the life of one interface family against a stage. */
export type Life = (stage: Stage, report: Report) => Promise<void>;

/** The lives by the name that `--family` takes; a new family adds its own. */
const LIVES: Readonly<Record<string, Life>> = {
  v2: async (stage, report) => {
    await playLife(createActor(stage, 'demo', report), stage);
    await playShortLife(createActor(stage, 'plain', report));
  },
  v1: playV1,
  license: playLicense,
  'online-license': playOnlineLicense,
  models: playModels,
  gateway: playGateway,
  kit: playKit,
};

/** The lives to be played: that of V2.0 unless another is named. @throws Problem */
export function chooseLives(family = 'v2'): readonly Life[] {
  if (family === 'all') return Object.values(LIVES);
  const life = Object.hasOwn(LIVES, family) ? LIVES[family] : undefined;
  if (life !== undefined) return [life];
  const known = Object.keys(LIVES).join(', ');
  throw new Problem(
    `There is no family "${family}": --family takes ${known} or all.`,
    `没有接口类别“${family}”：--family 可选 ${known} 或 all。`,
  );
}
