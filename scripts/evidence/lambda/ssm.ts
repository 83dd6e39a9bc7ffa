import type { AccessRequest } from './access.ts';
import { type Reply, refusal, type ServiceCall } from './services.ts';

/** Names that GetParameters takes. */
const MOST_NAMES = 10;

type Call = Pick<ServiceCall, 'operation' | 'role' | 'input'>;

/** Gives what a call of Parameter Store has to be allowed: its action on each parameter that it names. */
export function ssmRights({ operation, role, input }: Call, region: string, account: string): AccessRequest[] {
  const names = [input.Names ?? input.Name ?? input.Path ?? []].flat().map(String);
  return names.map((name) => ({
    role,
    action: `ssm:${operation}`,
    resource: `arn:aws:ssm:${region}:${account}:parameter${name}`,
  }));
}

/**
 * Answers a call of Parameter Store from memory. Values come in the clear only to those who ask for it.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html
 */
export function answerSsm({ operation, input }: Call, parameters: Map<string, string>): Reply {
  const shown = (name: string) => {
    const value = parameters.get(name);
    return value === undefined
      ? []
      : [{ Name: name, Type: 'SecureString', Value: input.WithDecryption === true ? value : 'AQICsealed', Version: 1 }];
  };
  switch (operation) {
    case 'GetParameter': {
      const [Parameter] = shown(String(input.Name));
      return Parameter === undefined ? refusal('ParameterNotFound') : reply({ Parameter });
    }
    case 'GetParameters': {
      const names = [input.Names].flat().map(String);
      if (names.length > MOST_NAMES) return refusal('ValidationException');
      return reply({
        Parameters: names.flatMap(shown),
        InvalidParameters: names.filter((name) => !parameters.has(name)),
      });
    }
    case 'GetParametersByPath':
      return reply({
        Parameters: [...parameters.keys()].filter((name) => name.startsWith(`${input.Path}/`)).flatMap(shown),
      });
    case 'PutParameter':
      parameters.set(String(input.Name), String(input.Value));
      return reply({ Version: 1, Tier: 'Standard' });
    default:
      return refusal('UnknownOperationException');
  }
}

function reply(body: unknown): Reply {
  return { status: 200, body: Buffer.from(JSON.stringify(body)) };
}
