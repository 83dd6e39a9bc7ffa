import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Stage } from '../../../../lib/config/stage.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { Stack, StackResource } from './stack.ts';
import type { Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('account');

/** Concurrent executions of an account that AWS leaves unreserved at least. */
const UNRESERVED = 100;
/** Concurrent executions that are worth reserving for the route. */
const WORTH_RESERVING = 50;

/** Looks at what is deployed on AWS: the stack, its roles and functions, the account's limit. A server has none of it. */
export async function checkAccount(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { stage, config } = visit;
  const { region } = stage;
  if (stage.host !== 'aws' || region === undefined) return [];
  const name = `${config.service}-${stage.name}`;
  const stack = await visit.stack();
  if (stack === undefined) return [todo('no-stack', { stack: name, region })];
  const lambda = new LambdaClient({ region });
  const iam = new IAMClient({ region });
  try {
    return [
      stateOf(stack, name, region),
      ...(await orUnseen('roles', () => roles(iam, of(stack, 'AWS::IAM::Role')))),
      ...(await orUnseen('functions', () => functions(lambda, stage, of(stack, 'AWS::Lambda::Function')))),
      ...(await orUnseen('limit', () => limit(lambda, stage))),
    ];
  } finally {
    lambda.destroy();
    iam.destroy();
  }
}

const of = ({ resources }: Stack, type: string) => resources.filter((one) => one.type === type);

function stateOf({ status }: Stack, stack: string, region: string): DoctorFinding {
  const values = { stack, region, status };
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE(_CLEANUP_IN_PROGRESS)?$/.test(status)) return good('stack', values);
  if (/_IN_PROGRESS$/.test(status)) return advice('stack-moves', values);
  return status === 'UPDATE_ROLLBACK_COMPLETE' ? advice('stack-back', values) : todo('stack-failed', values);
}

async function orUnseen(
  what: string,
  look: () => Promise<readonly DoctorFinding[]>,
): Promise<readonly DoctorFinding[]> {
  try {
    return await look();
  } catch (error) {
    return [unknown(`${what}-unseen`, { cause: causeOf(error) })];
  }
}

async function roles(iam: IAMClient, all: readonly StackResource[]): Promise<readonly DoctorFinding[]> {
  const gone: DoctorFinding[] = [];
  for (const { id } of all) {
    try {
      await iam.send(new GetRoleCommand({ RoleName: id }));
    } catch (error) {
      if (Object(error).name !== 'NoSuchEntityException') throw error;
      gone.push(todo('role-gone', { role: id }));
    }
  }
  return gone.length > 0 ? gone : [good('roles', { count: all.length })];
}

async function functions(
  lambda: LambdaClient,
  { table, parameters }: Stage,
  all: readonly StackResource[],
): Promise<readonly DoctorFinding[]> {
  const wrong: DoctorFinding[] = [];
  for (const { id } of all) {
    try {
      const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id }));
      const { KOOGATE_TABLE, KOOGATE_PARAMETERS } = found.Environment?.Variables ?? {};
      if (found.State !== undefined && found.State !== 'Active' && found.State !== 'Inactive') {
        wrong.push(todo('function-state', { function: id, state: found.State }));
      }
      // A function that is none of ours has neither.
      if (KOOGATE_TABLE !== undefined && KOOGATE_TABLE !== table) {
        wrong.push(todo('function-set', { function: id, found: KOOGATE_TABLE, expected: table }));
      }
      if (KOOGATE_PARAMETERS !== undefined && KOOGATE_PARAMETERS !== parameters) {
        wrong.push(todo('function-set', { function: id, found: KOOGATE_PARAMETERS, expected: parameters }));
      }
    } catch (error) {
      if (Object(error).name !== 'ResourceNotFoundException') throw error;
      wrong.push(todo('function-gone', { function: id }));
    }
  }
  return wrong.length > 0 ? wrong : [good('functions', { count: all.length })];
}

/** AWS lets only those places be reserved that are above a hundred, so what may be advised depends on the account. */
async function limit(lambda: LambdaClient, stage: Stage): Promise<readonly DoctorFinding[]> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: all, UnreservedConcurrentExecutions: free } = AccountLimit ?? {};
  if (all === undefined || free === undefined) return [unknown('limit-unseen', { cause: '–' })];
  const reserved = stage.reservedConcurrency;
  const most = Math.max(0, free - UNRESERVED);
  if (reserved !== undefined) {
    const isTooMuch = reserved > all - UNRESERVED;
    return [isTooMuch ? todo('limit-exceeded', { all, reserved }) : good('limit-reserved', { all, reserved })];
  }
  if (all <= UNRESERVED) return [advice('limit-low', { all })];
  if (most < WORTH_RESERVING) return [good('limit', { all })];
  return [advice('limit-reserve', { all, most, stage: stage.name })];
}
