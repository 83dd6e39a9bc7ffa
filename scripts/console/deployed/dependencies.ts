import type { Products } from '../../../lib/config/products.ts';
import type { HmacKeys, Secrets } from '../../../lib/secrets/secrets.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { Recorder } from '../../cli/operator/acting.ts';
import type { Examine } from './doctor.ts';

/** Parts that the console of a deployed installation works with. */
export interface DeployedDependencies {
  readonly table: Table;
  /** The table in words. */
  readonly place: string;
  readonly products: Products;
  /** It may act; otherwise every action is refused. */
  readonly writes: boolean;
  readonly clock: () => number;
  /** Keys of histories and pseudonyms; undefined if they are not there, or not for whoever looks. */
  keys(): Promise<HmacKeys | undefined>;
  /** Makes records of what is done, in the operator's name. @param why in the operator's words */
  recorder(why: string | undefined): Promise<Recorder>;
  secrets(): Promise<Secrets>;
  /** Examines the stage, if one is looked at. */
  readonly examine?: Examine;
}
