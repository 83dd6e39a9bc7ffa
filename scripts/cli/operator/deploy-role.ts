import { parseArgs } from 'node:util';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { main, Problem } from '../../dev/problem.ts';
import { stageOf } from '../../dev/stage.ts';
import { deployRole } from './deploy-role/template.ts';

const USAGE = `Usage:
  npm run -s deploy-role -- --stage <stage> --repository <owner>/<name> [--provider-arn <arn>] > deploy-role.yml
      prints a CloudFormation template with the role that the deploy workflow takes; somebody who may make roles deploys it:
      aws cloudformation deploy --template-file deploy-role.yml --stack-name <name> --capabilities CAPABILITY_NAMED_IAM
  --provider-arn names GitHub's identity provider if the account has it already: an account has one at most.
`;

/** `npm run deploy-role`: the role of the deploy workflow, least rights, bound to repository and stage. */
await main(async () => {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string' },
      repository: { type: 'string' },
      'provider-arn': { type: 'string' },
    },
  });
  const { stage, repository, 'provider-arn': providerArn } = values;
  if (stage === undefined || repository === undefined) throw new Problem(USAGE);
  const { config } = await readProject(readSettings(process.env));
  const options = { config, stage: stageOf(config, stage), repository };
  process.stdout.write(deployRole(providerArn === undefined ? options : { ...options, providerArn }));
}, USAGE);
