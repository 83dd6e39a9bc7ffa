type Provider<T> = T | (() => Promise<T>);

/** Where a client is told its endpoint. */
interface EndpointInput {
  readonly endpoint?: Provider<string | URL>;
  readonly endpointProvider: (parameters: object) => object;
  readonly region: () => Promise<string>;
  readonly useFipsEndpoint?: Provider<boolean>;
  readonly useDualstackEndpoint?: Provider<boolean>;
}

interface EndpointConfig {
  findEndpoint(): Promise<object>;
}

/**
 * Stands in for the SDK's search for an endpoint: the client's own, `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL`,
 * then the rules of endpoint.ts. Left out are the configuration files, the rules of S3, and endpoints that depend on
 * what is sent.
 */
export function resolveEndpointConfig<T extends EndpointInput>(config: T): T & EndpointConfig {
  const { endpoint, endpointProvider, useFipsEndpoint, useDualstackEndpoint } = config;
  return Object.assign(config, {
    async findEndpoint() {
      return endpointProvider({
        Endpoint: String((await read(endpoint)) ?? fromEnvironment(process.env) ?? ''),
        Region: await config.region(),
        UseFIPS: await read(useFipsEndpoint),
        UseDualStack: await read(useDualstackEndpoint),
      });
    },
  });
}

interface Stack {
  addRelativeTo(middleware: unknown, options: object): void;
}

type Next = (args: object) => Promise<object>;

/** Stands in for the SDK's middleware that puts the endpoint where the serializer looks for it. */
export const getEndpointPlugin = (config: EndpointConfig) => ({
  applyToStack(stack: Stack) {
    const middleware = (next: Next, context: { endpointV2?: object }) => async (args: object) => {
      context.endpointV2 = await config.findEndpoint();
      return next(args);
    };
    stack.addRelativeTo(middleware, {
      name: 'endpointV2Middleware',
      step: 'serialize',
      override: true,
      relation: 'before',
      toMiddleware: 'serializerMiddleware',
    });
  },
});

function fromEnvironment(env: NodeJS.ProcessEnv): string | undefined {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return env.AWS_ENDPOINT_URL_DYNAMODB || env.AWS_ENDPOINT_URL;
}

async function read<T>(provider: Provider<T> | undefined): Promise<T | undefined> {
  return typeof provider === 'function' ? (provider as () => Promise<T>)() : provider;
}
