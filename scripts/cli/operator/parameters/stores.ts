import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import {
  type CsmsOptions,
  csmsCaller,
  csmsName,
  csmsPlace,
  faultCode,
  isMissing,
  latestText,
} from '../../../../lib/secrets/csms.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** A place where the secrets of an installation are stored, each by its name. */
export interface SecretStore {
  /** Bytes of a value at most. */
  readonly largest: number;
  /** Name that the store itself gives a secret. */
  place(name: string): string;
  /** The value stored under a name; undefined if there is none. */
  read(name: string): Promise<string | undefined>;
  /** Stores a value, replacing what was there; a plain one is for what CloudFormation reads. */
  write(name: string, text: string, kind?: 'secret' | 'plain'): Promise<void>;
  /** Names of what is stored below a name. Absent where a value may be large enough for everything. */
  list?(name: string): Promise<readonly string[]>;
  /** Deletes what {@link list} named. */
  remove?(name: string): Promise<void>;
  close(): void;
}

/** Parameters of AWS Systems Manager below a prefix. */
export function parameterStore(
  prefix: string,
  options: { readonly region: string; readonly endpoint?: string },
): SecretStore {
  const client = new SSMClient(options);
  const place = (name: string) => `${prefix}/${name}`;
  return {
    largest: 8_192, // of an advanced parameter; standard ones have 4096, and Parameter Store chooses by itself
    place,
    read: async (name) => {
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: place(name), WithDecryption: true }));
        return Parameter?.Value;
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },
    write: async (name, text, kind = 'secret') => {
      await client.send(
        new PutParameterCommand({
          Name: place(name),
          Value: text,
          Type: kind === 'secret' ? 'SecureString' : 'String',
          Overwrite: true,
          Tier: 'Intelligent-Tiering',
        }),
      );
    },
    list: async (name) => {
      const found: string[] = [];
      let from: string | undefined;
      do {
        const more = from === undefined ? {} : { NextToken: from };
        const answer = await client.send(new GetParametersByPathCommand({ Path: place(name), ...more }));
        for (const { Name = '' } of answer.Parameters ?? []) found.push(Name.slice(prefix.length + 1));
        from = answer.NextToken;
      } while (from !== undefined);
      return found;
    },
    remove: async (name) => {
      await client.send(new DeleteParameterCommand({ Name: place(name) }));
    },
    close: () => client.destroy(),
  };
}

/**
 * The Cloud Secret Management Service of Huawei Cloud: a secret that exists gets another version.
 * Source: https://support.huaweicloud.com/intl/en-us/api-dew/CreateSecret.html and …/CreateSecretVersion.html
 * @throws Problem if the address is unfit; its calls throw Problem with the service's code
 */
export function csmsStore(address: string, env: Terminal['env'], options?: CsmsOptions): SecretStore {
  const where = readPlace(address);
  const call = csmsCaller(where, env, options);
  const place = (name: string) => csmsName(where, name);
  const read = async (name: string) => {
    const answer = await call('GET', `/${place(name)}/versions/latest`).catch(refused(place(name)));
    if (isMissing(answer)) return undefined;
    const text = latestText(answer);
    if (text === undefined)
      throw new Problem('problem.csms', { name: place(name), code: faultCode(answer) }, EXIT.found);
    return text;
  };
  return {
    largest: 32_768,
    place,
    read,
    write: async (name, text) => {
      const isThere = (await read(name)) !== undefined;
      const answer = await (isThere
        ? call('POST', `/${place(name)}/versions`, { secret_string: text })
        : call('POST', '', { name: place(name), secret_string: text })
      ).catch(refused(place(name)));
      if (answer.status >= 300)
        throw new Problem('problem.csms', { name: place(name), code: faultCode(answer) }, EXIT.found);
    },
    close: () => {},
  };
}

function readPlace(address: string) {
  try {
    return csmsPlace(address);
  } catch (error) {
    throw new Problem('problem.as-said', { text: error instanceof Error ? error.message : String(error) });
  }
}

function refused(name: string): (error: unknown) => never {
  return (error) => {
    throw new Problem(
      'problem.csms',
      { name, code: error instanceof Error ? error.message : String(error) },
      EXIT.found,
    );
  };
}
