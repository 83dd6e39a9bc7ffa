import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { requeue } from '../../lib/instances/requeue.ts';
import type { Table } from '../../lib/table/table.ts';
import { certifyServer } from '../cli/certify/certify.ts';
import { PRODUCT_KINDS } from '../cli/certify/matrix.ts';
import type { Certification } from '../cli/certify/verdict.ts';
import { speaker } from '../cli/messages/index.ts';
import { readDone } from '../cli/open-api/cases.ts';
import { htmlReport } from '../cli/report/html.ts';
import { certificationJson } from '../cli/report/json.ts';
import { junitXml } from '../cli/report/junit.ts';
import { Problem } from '../cli/terminal/problem.ts';
import { type Cases, createCases } from './cases.ts';
import { certificateOf } from './certificate.ts';
import { clearRehearsals } from './clear.ts';
import type { ExaminationLine, ScanLine } from './deployed/shapes.ts';
import { createDesk, type Desk } from './desk.ts';
import { draftSchema, formSchema } from './forms.ts';
import { createOpenApiCalls, type OpenApiPlace } from './open-apis.ts';
import { makeOrder } from './orders.ts';
import type { CallForm, CertifyLine, Report, Setup } from './shapes.ts';
import { listSubjects } from './table-items.ts';
import { targetOf } from './target.ts';
import { readTimeline, type SentCall } from './timeline.ts';

/** Parts that the console works with. */
export interface ApiOptions {
  /** Choices of the page; asked anew each time, since products come and go while the page is open. */
  setup(): Setup;
  readonly table: Table;
  /** The file with the access keys. */
  readonly secrets: string;
  /** The file with the saved cases. */
  readonly cases: string;
  readonly clock: () => number;
  /** Open APIs of the marketplace, or its stand-in. */
  readonly openApis: OpenApiPlace;
}

/** Says one line of a long answer. */
export type Tell = (line: CertifyLine | ScanLine | ExaminationLine) => void;

/** One thing the page can ask for: a body of known shape, and an answer that is JSON. */
export type Endpoint = (body: unknown, tell: Tell) => unknown;

/** Everything the page can ask for, by path. Bodies of another shape throw valibot's error. */
export type Api = ReadonlyMap<string, Endpoint>;

/** Answers of these come in lines, as they are known. */
export const STREAMED: ReadonlySet<string> = new Set(['/api/certify']);

/** Calls that are remembered for the timelines. */
const CALLS = 1_000;

export function createApi(options: ApiOptions): Api {
  const { table, secrets, clock } = options;
  const cases = createCases(options.cases, clock);
  const calls: SentCall[] = [];
  const desk = createDesk(secrets, clock, (form, report) => {
    calls.push(...sentCall(form, report));
    calls.splice(0, calls.length - CALLS);
  });
  const openApis = createOpenApiCalls(options.openApis, clock);
  let certified: Certification | undefined;
  return new Map<string, Endpoint>([
    ['/api/setup', () => options.setup()],
    ...deskEndpoints(desk),
    ...caseEndpoints(desk, cases),
    ...tableEndpoints(table, calls, clock),
    ['/api/open-apis', (body) => openApis.states(body)],
    ['/api/open-apis/call', (body) => openApis.call(body)],
    ['/api/orders', (body) => makeOrder(options.openApis, body)],
    [
      '/api/certify',
      async (body, tell) => {
        const { product, at, kind } = v.parse(certifySchema, body);
        const certification = await certifyServer(targetOf(secrets, product, at), kind, {
          seed: randomInt(2 ** 31),
          orders: 3,
          now: clock(),
          onStep: (step, done, total) => tell({ step, done, total }),
          done: readDone(options.openApis.data),
        });
        certified = certification;
        tell({ certificate: certificateOf(certification) });
      },
    ],
    ['/api/certify/report', (body) => reportOf(certified, v.parse(reportSchema, body))],
  ]);
}

const certifySchema = v.object({
  product: v.string(),
  at: v.pipe(v.string(), v.url()),
  kind: v.picklist(PRODUCT_KINDS),
});
const reportSchema = v.object({ form: v.picklist(['html', 'junit', 'json']), locale: v.picklist(['en', 'zh']) });
const idSchema = v.object({ id: v.string() });
const sendSchema = v.object({ form: formSchema, signed: v.exactOptional(v.string()) });
const productSchema = v.object({ product: v.string() });
const keySchema = v.object({ product: v.string(), key: v.object({ pk: v.string(), sk: v.string() }) });

/** The newest certification as a file in the reader's language. @throws Problem if there has been none */
function reportOf(
  certified: Certification | undefined,
  { form, locale }: v.InferOutput<typeof reportSchema>,
): { readonly text: string } {
  if (certified === undefined) throw new Problem('page.problem.no-certification');
  const say = speaker(locale);
  const text = {
    html: () => htmlReport(say, locale, certified),
    junit: () => junitXml(say, certified),
    json: () => `${JSON.stringify(certificationJson(say, certified), null, 2)}\n`,
  };
  return { text: text[form]() };
}

function deskEndpoints(desk: Desk): [string, Endpoint][] {
  return [
    [
      '/api/preset',
      (body) => {
        const { instanceId, ...draft } = v.parse(draftSchema, body);
        return desk.preset(draft, instanceId);
      },
    ],
    ['/api/sign', (body) => desk.sign(v.parse(formSchema, body))],
    [
      '/api/send',
      (body) => {
        const { form, signed } = v.parse(sendSchema, body);
        return desk.send(form, signed);
      },
    ],
  ];
}

function caseEndpoints(desk: Desk, cases: Cases): [string, Endpoint][] {
  const idOf = (body: unknown) => v.parse(idSchema, body).id;
  return [
    ['/api/cases', () => cases.list()],
    ['/api/cases/add', (body) => cases.add(desk.passedForm(idOf(body)))],
    ['/api/cases/run', (body) => desk.send(cases.find(idOf(body)))],
    [
      '/api/cases/remove',
      (body) => {
        cases.remove(idOf(body));
        return cases.list();
      },
    ],
  ];
}

function tableEndpoints(table: Table, calls: readonly SentCall[], clock: () => number): [string, Endpoint][] {
  return [
    ['/api/instances/clear', (body) => clearRehearsals(table, v.parse(productSchema, body).product, clock())],
    ['/api/instances', (body) => listSubjects(table, v.parse(productSchema, body).product)],
    [
      '/api/timeline',
      async (body) => {
        const { product, key } = v.parse(keySchema, body);
        const mine = calls.filter((call) => call.product === product);
        const timeline = key.pk.split('#')[1] === product ? await readTimeline(table, key, mine) : undefined;
        if (timeline === undefined) throw new Problem('page.problem.no-instance');
        return timeline;
      },
    ],
    [
      '/api/retry',
      async (body) => {
        const { product, key } = v.parse(keySchema, body);
        const queued = key.pk.split('#')[1] === product ? await requeue(table, key, clock()) : undefined;
        if (queued === undefined) throw new Problem('page.problem.no-instance');
        return { queued: queued.length };
      },
    ],
  ];
}

/** Debugging calls touch no instance and stand in no timeline. */
function sentCall(
  { product, activity, members, test }: CallForm,
  { sentAt, response, instanceId }: Report,
): SentCall[] {
  const id = instanceId ?? members.instanceId;
  if (test || typeof id !== 'string') return [];
  const code = response.kind === 'failure' ? response.reason : codeOf(response.body, response.status);
  return [{ at: sentAt, product, activity, instanceId: id, code, milliseconds: response.milliseconds }];
}

function codeOf(body: string, status: number): string {
  return /"resultCode"\s*:\s*"(\d{6})"/.exec(body)?.[1] ?? `HTTP ${status}`;
}
