import { constructStack, type NoOpLogger } from '@smithy/core/client';

export * from '@smithy/core/client';

type Stack = ReturnType<typeof constructStack<object, object>>;
type Handler = Parameters<Stack['resolve']>[0];

/** What a command needs of the client that it is sent with. */
interface Configuration {
  readonly logger: NoOpLogger;
  readonly requestHandler: { handle(request: unknown, options: object): ReturnType<Handler> };
}

interface Options {
  readonly abortSignal?: AbortSignal;
}

type EndpointPlugin = (config: Configuration) => Parameters<Stack['use']>[0];

/**
 * Stands in for the SDK's maker of command classes. It leaves out what commands of DynamoDB never have: event streams,
 * middleware of their own, and texts of input and output for a log, where only the SDK's middleware for logs asks for
 * them (see client-parts.ts).
 */
export function makeBuilder(_common: object, service: string, clientName: string, endpointPlugin: EndpointPlugin) {
  return (_parameters: object, _plugins: unknown, operation: string, operationSchema: unknown) =>
    class {
      readonly middlewareStack = constructStack<object, object>();
      readonly input: object;

      constructor(input: object = {}) {
        this.input = input;
      }

      resolveMiddleware(clientStack: Stack, config: Configuration, options: Options = {}) {
        this.middlewareStack.use(endpointPlugin(config));
        return clientStack.concat(this.middlewareStack).resolve(
          // the serializer has put a request in the place of the command
          (args) => config.requestHandler.handle(Reflect.get(args, 'request'), options),
          {
            logger: config.logger,
            clientName,
            commandName: `${operation}Command`,
            __smithy_context: {
              service,
              operation,
              operationSchema,
              commandInstance: this,
              ...(options.abortSignal === undefined ? {} : { abortSignal: options.abortSignal }),
            },
          },
        );
      }
    };
}

/** Stands in for a warning about versions of Node older than those that the functions run on. */
export const emitWarningIfUnsupportedVersion = (): void => {};

/** Stands in for timeouts by `AWS_DEFAULTS_MODE`; our client names its own. */
export const loadConfigsForDefaultMode = () => ({});
