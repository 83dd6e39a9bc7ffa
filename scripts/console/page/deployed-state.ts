import type {
  Credentials,
  FailingLine,
  FoundInstance,
  FoundInstances,
  FoundLine,
  InstanceHistory,
  OverviewShown,
  ScanLine,
  WaitingUsageLine,
  Words,
} from '../deployed/shapes.ts';

/** Contents of the form of the orders' view. */
export interface OrderSearch {
  id: string;
  by: 'order' | 'customer';
  product: string;
  state: string;
  trouble: string;
  /** Days as `2026-01-31`. */
  from: string;
  until: string;
  order: string;
}

/** An examination of the stage. */
export interface Doctor {
  isExamining: boolean;
  /** The step that it has come to. */
  examined: { readonly step: Words; readonly done: number; readonly total: number };
  findings: readonly FoundLine[];
}

/** State of the views of a deployed installation. */
export interface Operated {
  readonly search: OrderSearch;
  /** Instances found by an id. */
  found: (FoundInstances & { readonly id: string }) | undefined;
  /** Progress of a pass over the table. */
  scan: (ScanLine & { readonly isStopped: boolean }) | undefined;
  stopScan: AbortController | undefined;
  /** The list on show: of the search, or of the pass. */
  listed: readonly FoundInstance[];
  history: InstanceHistory | undefined;
  /** Login data that were opened, of the instance on show. */
  credentials: Credentials | undefined;
  failing: readonly FailingLine[] | undefined;
  waitingUsage: readonly WaitingUsageLine[];
  overview: OverviewShown | undefined;
  readonly doctor: Doctor;
  /** Tables behind plots that are unfolded, by id. */
  readonly unfolded: Set<string>;
  /** Result of the last action, in words. */
  acted: string;
}

export const operated: Operated = {
  search: { id: '', by: 'order', product: '', state: '', trouble: '', from: '', until: '', order: '' },
  found: undefined,
  scan: undefined,
  stopScan: undefined,
  listed: [],
  history: undefined,
  credentials: undefined,
  failing: undefined,
  waitingUsage: [],
  overview: undefined,
  doctor: { isExamining: false, examined: { step: { en: '', zh: '' }, done: 0, total: 0 }, findings: [] },
  unfolded: new Set(),
  acted: '',
};
