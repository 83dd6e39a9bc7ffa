import { Document, type YAMLMap } from 'yaml';
import type { Config } from '../../../../lib/config/config.ts';
import type { Stage } from '../../../../lib/config/stage.ts';
import { Problem } from '../../../dev/problem.ts';
import { PERMISSIONS, type Permission, type Places } from './permissions.ts';

/** Role that a deploy workflow takes. */
export interface DeployRoleOptions {
  readonly config: Config;
  /** Stage that it deploys; must be on AWS and have a region. */
  readonly stage: Stage;
  /** Repository on GitHub, `owner/name`. */
  readonly repository: string;
  /** ARN of GitHub's identity provider in the account; without one the template makes it. An account has one at most. */
  readonly providerArn?: string;
}

const ISSUER = 'token.actions.githubusercontent.com';

/** Letters of a stack's name that CloudFormation keeps in a name that must be short. */
const KEPT_LETTERS = 24;

/** Characters of a role's name at most. */
const LONGEST_NAME = 64;

/**
 * Makes a CloudFormation template with the role that the deploy workflow of one repository takes to deploy one stage. Its
 * trust is bound to the repository and to the environment that is named as the stage.
 * Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 * @returns YAML
 * @throws Problem that says what of the options to mend
 */
export function deployRole({ config, stage, repository, providerArn }: DeployRoleOptions): string {
  if (!/^[\w-]+\/[\w.-]+$/.test(repository)) {
    throw new Problem(
      `"${repository}" is not a repository: --repository is <owner>/<name>, as GitHub shows it.`,
      `“${repository}”不是仓库：--repository 应为 GitHub 上的 <所有者>/<名称>。`,
    );
  }
  if (providerArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:oidc-provider\//.test(providerArn)) {
    throw new Problem(
      `"${providerArn}" is not the ARN of an identity provider (arn:aws:iam::…:oidc-provider/${ISSUER}).`,
      `“${providerArn}”不是身份提供商的 ARN（arn:aws:iam::…:oidc-provider/${ISSUER}）。`,
    );
  }
  const places = placesOf(config, stage);
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Role for the workflow that deploys ${places.stack} from ${repository}`,
    Resources: {
      ...(providerArn === undefined ? { Provider } : {}),
      DeployRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: `deploy.${config.service}.${stage.name}`.slice(0, LONGEST_NAME), // no stack's role has dots in its name
          Description: `Deploys ${places.stack} from ${repository}, environment ${stage.name}`,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRoleWithWebIdentity',
                Principal: { Federated: providerArn ?? { Ref: 'Provider' } },
                Condition: {
                  StringEquals: {
                    [`${ISSUER}:aud`]: 'sts.amazonaws.com',
                    [`${ISSUER}:sub`]: `repo:${repository}:environment:${stage.name}`,
                  },
                },
              },
            ],
          },
          Policies: [
            {
              PolicyName: 'deploy',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: PERMISSIONS.map((permission) => statementOf(permission, places)),
              },
            },
          ],
        },
      },
    },
    Outputs: {
      DeployRoleArn: {
        Description: 'Set it as the variable AWS_DEPLOY_ROLE of the environment',
        Value: { 'Fn::GetAtt': ['DeployRole', 'Arn'] },
      },
    },
  };
  const document = new Document(template, { version: '1.1' }); // what AWS reads: a date that is a text is quoted
  explain(document);
  return document.toString({ lineWidth: 0 });
}

/** GitHub's identity provider; AWS knows its certificates. */
const Provider = {
  Type: 'AWS::IAM::OIDCProvider',
  Properties: { Url: `https://${ISSUER}`, ClientIdList: ['sts.amazonaws.com'] },
};

/** @throws Problem if the stage is not deployed to AWS */
function placesOf({ service }: Config, { name, host, region, table, parameters, domain }: Stage): Places {
  if (host !== 'aws') {
    throw new Problem(
      `Stage "${name}" runs on a server: no workflow deploys it to AWS.`,
      `阶段“${name}”运行在服务器上：没有工作流将其部署到 AWS。`,
    );
  }
  if (region === undefined) {
    throw new Problem(
      `Stage "${name}" has no region: set stages.${name}.region first.`,
      `阶段“${name}”没有区域：请先设置 stages.${name}.region。`,
    );
  }
  const stack = `${service}-${name}`;
  const made = stack.length < KEPT_LETTERS ? `${stack}-` : stack.slice(0, KEPT_LETTERS);
  return { stack, made, region, table, parameters, domain: domain?.name };
}

function statementOf({ name, actions, resources, condition }: Permission, places: Places) {
  const where = resources(places).map((text) => (text.includes('${') ? { 'Fn::Sub': text } : text));
  return {
    Sid: name,
    Effect: 'Allow',
    Action: actions,
    Resource: where,
    ...(condition === undefined ? {} : { Condition: condition(places) }),
  };
}

/** Writes the reason of each permission above it, for whoever reviews the role. */
function explain(document: Document): void {
  const path = ['Resources', 'DeployRole', 'Properties', 'Policies', 0, 'PolicyDocument', 'Statement'];
  for (const [index, { why }] of PERMISSIONS.entries()) {
    (document.getIn([...path, index]) as YAMLMap).commentBefore = ` ${why}`;
  }
}
