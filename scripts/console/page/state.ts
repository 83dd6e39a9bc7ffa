import type { CaseState, OpenApiCase } from '../../cli/open-api/cases.ts';
import type {
  Certificate,
  Draft,
  MadeOrder,
  OpenApiAnswer,
  Report,
  Said,
  SavedCase,
  Setup,
  SignedRequest,
  Subject,
  Timeline,
  WireRequest,
} from '../shapes.ts';

/** A parameter in the form. */
export interface Row {
  readonly name: string;
  value: string;
  form: 'text' | 'json';
  send: boolean;
  readonly mandatory: boolean;
  /** Value of the preset; absent if the person at the page added the parameter. */
  readonly preset?: string;
}

export interface State {
  setup: Setup;
  /** Said at the top until something else is done. */
  problem: Said | undefined;
  /** The view for debugging. */
  draft: Draft;
  rows: Row[];
  signed: SignedRequest | undefined;
  sent: { readonly request: WireRequest; readonly at: number } | undefined;
  report: Report | undefined;
  sending: boolean;
  /** Id of the exchange that was saved. */
  savedReport: string | undefined;
  /** Bought last, so that the next real call can be about it. */
  lastInstance: Record<string, string>;
  /** The view of the cases. */
  cases: readonly SavedCase[];
  /** Newest last. */
  results: Record<string, Report[]>;
  dial: Dial;
  /** The view of the instances. */
  product: string;
  subjects: readonly Subject[];
  timeline: Timeline | undefined;
  retried: number | undefined;
  /** Instances of the rehearsal commands are left out of the list. */
  hidesRehearsals: boolean;
  /** The certification. */
  certify: Certifying;
  /** The view of the open APIs. */
  openApis: OpenApiCalling;
}

export interface OpenApiCalling {
  product: string;
  chosen: OpenApiCase;
  /** Texts of the fields by case. */
  readonly values: Partial<Record<OpenApiCase, Record<string, string>>>;
  /** Texts of the order that is made at the stand-in. */
  readonly order: OrderFields;
  made: MadeOrder | undefined;
  file: File | undefined;
  running: boolean;
  answer: OpenApiAnswer | undefined;
  states: readonly CaseState[];
}

export interface OrderFields {
  orderId: string;
  orderType: string;
  skuCode: string;
  linearValue: string;
  amount: string;
  customerName: string;
  form: string;
}

export interface Dial {
  running: boolean;
  loop: boolean;
  /** Seconds between two runs. */
  pause: number;
  round: number;
  done: number;
  total: number;
  failed: number;
}

export interface Certifying {
  product: string;
  kind: string;
  running: boolean;
  step: string;
  done: number;
  total: number;
  certificate: Certificate | undefined;
}

const NOTHING: Setup = { products: [], families: [] };

export const state: State = {
  setup: NOTHING,
  problem: undefined,
  draft: { product: '', at: '', family: 'saas-v2', activity: 'newInstance', charging: 'period', test: true },
  rows: [],
  signed: undefined,
  sent: undefined,
  report: undefined,
  sending: false,
  savedReport: undefined,
  lastInstance: {},
  cases: [],
  results: {},
  dial: { running: false, loop: false, pause: 30, round: 0, done: 0, total: 0, failed: 0 },
  product: '',
  subjects: [],
  timeline: undefined,
  retried: undefined,
  hidesRehearsals: false,
  certify: { product: '', kind: '', running: false, step: '', done: 0, total: 0, certificate: undefined },
  openApis: {
    product: '',
    chosen: 'order',
    values: {},
    order: {
      orderId: 'CS-ORDER-1',
      orderType: 'NEW',
      skuCode: 'demo-sku-small',
      linearValue: '10',
      amount: '',
      customerName: '',
      form: '',
    },
    made: undefined,
    file: undefined,
    running: false,
    answer: undefined,
    states: [],
  },
};
