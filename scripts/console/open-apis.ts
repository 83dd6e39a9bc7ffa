import * as v from 'valibot';
import { DEFAULT_SITE } from '../../lib/config/stage.ts';
import { MarketplaceError } from '../../lib/open-api/error.ts';
import { createOpenApis } from '../../lib/open-api/open-api.ts';
import { type CaseState, noteDone, OPEN_API_CASES, readDone, statesOf } from '../cli/open-api/cases.ts';
import { asMembers } from '../cli/open-api/rows.ts';
import { callOpenApi, hasSucceeded, type OpenApiRequest } from '../cli/operator/open-api/call.ts';
import { readLocalSecrets } from '../dev/local-secrets.ts';
import type { OpenApiAnswer } from './shapes.ts';

/** Addresses of the open APIs that the page calls, and the files that go with them. */
export interface OpenApiPlace {
  /** Address of the site of a product, and the site's name where it has an account of its own. */
  siteOf(product: string): { readonly address: string; readonly site: string | undefined };
  /** The file with the account's key pairs and the access keys. */
  readonly secrets: string;
  /** Folder that remembers which calls succeeded. */
  readonly data: string;
}

/** Calls open APIs for the page. */
export interface OpenApiCalls {
  states(body: unknown): readonly CaseState[];
  call(body: unknown): Promise<OpenApiAnswer>;
}

const text = v.pipe(v.string(), v.trim(), v.maxLength(200_000));
const short = v.pipe(text, v.maxLength(1_024));
const filled = v.pipe(short, v.nonEmpty());
const optional = v.pipe(
  v.optional(short, ''),
  v.transform((value) => (value === '' ? undefined : value)),
);
const codes = v.pipe(
  filled,
  v.transform((value) => value.split(/[\s,;]+/).filter((code) => code !== '')),
  v.array(v.string()),
  v.nonEmpty(),
);

const requestSchema = v.variant('case', [
  v.object({ case: v.literal('order'), orderId: filled, orderLineId: optional }),
  v.object({ case: v.literal('usage'), instanceId: optional }),
  v.object({ case: v.literal('license-activate'), codes }),
  v.object({ case: v.literal('license-query'), codes }),
  v.object({
    case: v.literal('license-usage'),
    codes,
    active: v.pipe(filled, v.regex(/^\d{1,9}$/), v.transform(Number)),
  }),
  v.object({
    case: v.literal('upload'),
    eventId: filled,
    text: v.optional(text, ''),
    /** A small file, in base64. */
    file: v.exactOptional(v.object({ name: filled, base64: v.pipe(text, v.base64()) })),
  }),
]);

const callSchema = v.object({ product: v.string(), request: requestSchema });
const productSchema = v.object({ product: v.string() });

/** Calls open APIs as the page asks for them; what a call answered is told, its keys never. */
export function createOpenApiCalls(place: OpenApiPlace, clock: () => number): OpenApiCalls {
  const states = (product: string) => statesOf(OPEN_API_CASES, readDone(place.data), product);
  return {
    states: (body) => states(v.parse(productSchema, body).product),
    call: async (body) => {
      const { product, request } = v.parse(callSchema, body);
      const { address, site } = place.siteOf(product);
      const { marketplace, products } = readLocalSecrets(place.secrets);
      const keys = site === undefined ? marketplace : marketplace?.sites?.[site];
      if (keys === undefined) throw new Error(`There is no account for the site ${site ?? DEFAULT_SITE}.`);
      const { accessKeyId, secretAccessKey } = keys;
      const pair = async () => ({ accessKeyId, secretAccessKey });
      const openApis = createOpenApis({ baseUrl: address, keys: pair, clock });
      const accessKeys = async () => products[product]?.accessKeys.base ?? [];
      try {
        const answer = await callOpenApi({ openApis, accessKeys, now: clock() }, openApiRequest(request));
        const passed = hasSucceeded(request.case, answer);
        if (passed) noteDone(place.data, { case: request.case, product, place: address, at: clock() });
        return { passed, place: address, text: asMembers(answer), states: states(product) };
      } catch (error) {
        if (!(error instanceof MarketplaceError)) throw error;
        return { passed: false, place: address, text: error.message, states: states(product) };
      }
    },
  };
}

function openApiRequest(request: v.InferOutput<typeof requestSchema>): OpenApiRequest {
  if (request.case !== 'upload') return request;
  const { eventId, file, text: characters } = request;
  if (file === undefined) return { case: 'upload', eventId, content: characters };
  const content = new Blob([Buffer.from(file.base64, 'base64')]);
  return { case: 'upload', eventId, content: { name: file.name, content } };
}
