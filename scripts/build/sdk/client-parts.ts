import { getHostHeaderPlugin, resolveHostHeaderConfig } from '@aws-sdk/core/client';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** What signs our calls of Parameter Store signs those of the table too. */
export { Sha256 } from '../../../lib/secrets/sha256.ts';
export { getHostHeaderPlugin, NodeHttpHandler, resolveHostHeaderConfig };

/*
 * Stands in for parts of the SDK's DynamoDB client that do nothing for our functions:
 * - the user agent, a count of the features that callers of the SDK use;
 * - the log, which needs a logger, and we give none;
 * - the detection of recursion, which Lambda offers for queues, topics and buckets, not for tables;
 * - endpoints by account and by discovery, which need an account id with the credentials and an opt-in;
 * - extensions of a client, which we give none;
 * - converters of texts, bytes and streams, which the SDK's protocols ask for and protocol.ts does not;
 * - a warning about versions of Node older than those that the functions run on.
 */

const nothing = { applyToStack: (): void => {} };
const unchanged = <T>(config: T): T => config;

export const getUserAgentPlugin = () => nothing;
export const getLoggerPlugin = () => nothing;
export const getRecursionDetectionPlugin = () => nothing;

export const resolveUserAgentConfig = unchanged;
export const resolveEndpointDiscoveryConfig = unchanged;
export const resolveAccountIdEndpointModeConfig = unchanged;
export const resolveRuntimeExtensions = unchanged;

/** Where settings of those parts would be read: nowhere. */
const unread = { environmentVariableSelector: () => undefined, default: undefined };

export const NODE_APP_ID_CONFIG_OPTIONS = unread;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = unread;
export const NODE_ACCOUNT_ID_ENDPOINT_MODE_CONFIG_OPTIONS = unread;

export const createDefaultUserAgentProvider = (): void => {};
export const emitWarningIfUnsupportedVersion = (): void => {};
/** A socket's timeout that `AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026` opts in to; our client names its own timeouts. */
export const getDefaultSocketTimeout = (): void => {};

/** protocol.ts makes texts of everything it sends. */
export const calculateBodyLength = (body: string): number => Buffer.byteLength(body);

const unasked = undefined;

export {
  unasked as fromBase64,
  unasked as fromUtf8,
  unasked as streamCollector,
  unasked as toBase64,
  unasked as toUtf8,
};
