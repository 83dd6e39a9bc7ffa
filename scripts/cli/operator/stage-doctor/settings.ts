import { checkStage } from '../../../../lib/config/stage.ts';
import { type DoctorFinding, findingsOf } from './finding.ts';
import type { Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('settings');

/** Product families whose production server has to run on Huawei Cloud. */
const HOSTED = /^(saas|kit)-/;

/** Looks at what is set: what a deployment would refuse, where products may run, where the stage is. */
export async function checkSettings({ config, stage }: Visit): Promise<readonly DoctorFinding[]> {
  const { problems, warnings } = checkStage(config, stage);
  return [
    ...problems.map((text) => todo('problem', { text })),
    ...warnings.map((text) => advice('warning', { text })),
    ...(problems.length + warnings.length === 0 ? [good('sound', { stage: stage.name })] : []),
    stage.region === undefined
      ? unknown('region-unset')
      : good('region', { region: stage.region, host: stage.host, site: stage.site }),
    ...hosting(),
    ...(stage.purpose === 'production' && stage.heartbeat === undefined ? [advice('no-heartbeat')] : []),
  ];

  /** On AWS the warnings say it; of a server nobody can see from outside whose machine it is. */
  function hosting(): readonly DoctorFinding[] {
    const isBound = [...config.products.values()].some(({ families }) => families.some((one) => HOSTED.test(one)));
    if (!isBound || stage.purpose !== 'production' || stage.hostRuleKnown || stage.host !== 'server') return [];
    return [unknown('hosting', { stage: stage.name })];
  }
}
