/** Stands in for the SDK's log of requests: nobody gives it a logger, and it would copy every item for none. */
export const getLoggerPlugin = () => ({ applyToStack: () => {} });
export const loggerMiddleware = undefined;
export const loggerMiddlewareOptions = undefined;
