/**
 * Products behind the gateways of the marketplace (APIG, Agents): admits their calls alone, has failures not billed, and
 * gives back what is billed. Usable alone from any Node program; how to use it: docs/gateway.md.
 */
export type { Billed } from './billed.ts';
export type { GatewayCall, GatewayNote } from './call.ts';
export { GatewayError, UnverifiedError, type UnverifiedReason } from './error.ts';
export type { GatewayKeys, GivenKeys } from './keys.ts';
export { agentsGateway, apigGateway, type GatewayHandler, type GatewayOptions, type Listener } from './middleware.ts';
export type { AgentsOptions } from './verify-agents.ts';
export type { ApigOptions } from './verify-apig.ts';
