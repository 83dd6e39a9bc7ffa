import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import {
  ANSWERS,
  ApikeyAnswer,
  ChangeAnswer,
  LicenseAnswer,
  PermissionAnswer,
  ProvisionAnswer,
  UsageAnswer,
} from '../../lib/seller/answer.ts';
import {
  BindingBody,
  DepartmentBody,
  InstanceBody,
  LicenseCodeBody,
  OrderBody,
  REQUESTS,
  type SellerEvent,
} from '../../lib/seller/request.ts';

const PARTS = {
  Instance: InstanceBody,
  Order: OrderBody,
  LicenseCode: LicenseCodeBody,
  Binding: BindingBody,
  Department: DepartmentBody,
};
const ANSWER_SCHEMAS: Readonly<Record<string, GenericSchema>> = {
  ProvisionAnswer,
  ChangeAnswer,
  PermissionAnswer,
  LicenseAnswer,
  UsageAnswer,
  ApikeyAnswer,
};

export const EVENTS = Object.keys(REQUESTS) as SellerEvent[];

/** The schema of the answers to an event. */
export function answersTo(event: SellerEvent): GenericSchema {
  return event === 'erase' ? ChangeAnswer : ANSWERS[event];
}

/** The name of the definition that describes the answers to an event. */
export function answerName(event: SellerEvent): string {
  const [name] = Object.entries(ANSWER_SCHEMAS).find(([, schema]) => schema === answersTo(event)) ?? [];
  if (name === undefined) throw new Error(`The answers to ${event} have no name.`);
  return name;
}

/** The JSON Schema of requests and answers, generated from the schemas beside the contract. */
export function generateSchema(): Readonly<Record<string, unknown>> {
  const definitions = { ...REQUESTS, ...ANSWER_SCHEMAS, ...PARTS };
  const $defs = toJsonSchemaDefs(definitions, { target: 'draft-2020-12', typeMode: 'input' });
  const requests = EVENTS.map((event) => [
    event,
    { description: `Answered with ${answerName(event)}.`, ...$defs[event] },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'KooGate, HTTP seller: requests and answers',
    description:
      'The root describes the body of a request; #/$defs/<event> that of one event; #/$defs/…Answer the body of a 2xx ' +
      'answer, where an empty body counts as {}.',
    oneOf: EVENTS.map((event) => ({ $ref: `#/$defs/${event}` })),
    $defs: { ...$defs, ...Object.fromEntries(requests) },
  };
}
