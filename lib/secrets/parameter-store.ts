import * as v from 'valibot';
import { retried } from './retry.ts';
import { SecretsUnavailable, type Unavailability } from './secrets.ts';
import type { Source } from './source.ts';
import { SsmRefused, ssmCaller } from './ssm.ts';
import { together } from './together.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names that GetParameters takes. */
const MAX_NAMES = 10;

const TRANSIENT = /^(Throttling.*|TooManyRequests.*|InternalServerError|ServiceUnavailable|ECONN\w+|EPIPE)$/;

/** Refusals for which one parameter of several may be to blame: GetParameters is refused as a whole. */
const MAY_BE_ONE = /^(AccessDeniedException|InvalidKeyId)$/;

/** Refusals after which an old value has an end: the parameter is not there, or not for us. */
const GONE = /^(ParameterNotFound|ParameterVersionNotFound|AccessDeniedException)$/;

const Parameter = v.object({ Name: v.string(), Value: v.string() });
const OneAnswer = v.object({ Parameter });
const ManyAnswer = v.object({
  Parameters: v.array(Parameter),
  InvalidParameters: v.optional(v.array(v.string()), []),
});

/** Clock and chance of the source. */
export interface ParameterStoreOptions {
  /** Unix milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Between 0 and 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Parameters of AWS Systems Manager below a prefix, decrypted. Those that are asked for in the same moment come by one
 * GetParameters, ten at a time; where that is denied, each is asked for alone, and what was denied stays alone from then on.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 *
 * @param prefix begins with a slash and does not end with one.
 * @param env credentials and place, see {@link ssmCaller}.
 * @throws Error at once if the region is not set or the endpoint is unfit; the source throws SecretsUnavailable.
 */
export function parameterStoreSource(
  prefix: string,
  env: Environment,
  { now = Date.now, random = Math.random }: ParameterStoreOptions = {},
): Source {
  const call = ssmCaller(env, now);
  const lonely = new Set<string>();
  let mayAskForMany = true; // roles of before have ssm:GetParameter alone
  const ask = (operation: string, input: object) =>
    retried((signal) => call(operation, input, signal), {
      isTransient: (error) => TRANSIENT.test(codeOf(error)),
      random,
    });

  async function readOne(name: string): Promise<string | Error> {
    const parameter = `${prefix}/${name}`;
    try {
      const answer = await ask('GetParameter', { Name: parameter, WithDecryption: true });
      return shaped(OneAnswer, answer).Parameter.Value;
    } catch (error) {
      const code = codeOf(error);
      if (MAY_BE_ONE.test(code)) lonely.add(name);
      return unavailable(parameter, code);
    }
  }

  async function readMany(names: readonly string[]): Promise<ReadonlyMap<string, string | Error>> {
    const parameters = new Map(names.map((name) => [`${prefix}/${name}`, name]));
    try {
      const answer = await ask('GetParameters', { Names: [...parameters.keys()], WithDecryption: true });
      const { Parameters, InvalidParameters } = shaped(ManyAnswer, answer);
      return new Map<string, string | Error>([
        ...InvalidParameters.map((parameter) => given(parameter, unavailable(parameter, 'ParameterNotFound'))),
        ...Parameters.map(({ Name, Value }) => given(Name, Value)),
      ]);
    } catch (error) {
      const code = codeOf(error);
      if (MAY_BE_ONE.test(code)) {
        const each = await readEach(names);
        mayAskForMany = names.some((name) => lonely.has(name));
        return each;
      }
      return new Map([...parameters].map(([parameter, name]) => [name, unavailable(parameter, code)]));
    }
  }

  function given<Text>(parameter: string, text: Text): [name: string, text: Text] {
    return [parameter.slice(prefix.length + 1), text];
  }

  async function readEach(names: readonly string[]): Promise<ReadonlyMap<string, string | Error>> {
    return new Map(await Promise.all(names.map(async (name) => [name, await readOne(name)] as const)));
  }

  return together(async (names) => {
    const shared = names.filter((name) => !lonely.has(name));
    const read = shared.length > 1 && mayAskForMany ? readMany(shared) : readEach(shared);
    const alone = readEach(names.filter((name) => lonely.has(name)));
    return new Map([...(await read), ...(await alone)]);
  }, MAX_NAMES);
}

/** @throws SsmRefused if the answer is not what is documented */
function shaped<S extends v.GenericSchema>(schema: S, answer: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  throw new SsmRefused('HTTP 200');
}

function codeOf(error: unknown): string {
  if (error instanceof SsmRefused) return error.code;
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout';
  return code ?? String(name);
}

function unavailable(parameter: string, code: string): SecretsUnavailable {
  const reason: Unavailability = GONE.test(code) ? 'gone' : 'unreachable';
  return new SecretsUnavailable(`The parameter "${parameter}" cannot be read (${code}): ${advice(code)}`, reason);
}

/** Gives the advice for an error, by the code. */
function advice(code: string): string {
  if (code === 'ParameterNotFound') return 'write it with "npx koogate parameters", and check KOOGATE_PARAMETERS.';
  if (code === 'AccessDeniedException') {
    return "give the function's role ssm:GetParameter and ssm:GetParameters on it.";
  }
  if (code === 'NoCredentials') return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
  return 'Parameter Store does not answer as it should; the next call asks again.';
}
