/**
 * The kinds of items in the table, as their attribute `type` names them. The attribute is for whoever reads the table as a
 * whole: a filter, an export, a migration. KooGate itself tells items apart by their keys and members, since items that
 * older versions have written carry no `type`; nor do reports of usage that a seller's program has put there and nobody
 * has checked yet.
 */
export const ITEM_TYPE = {
  instance: 'instance',
  /** Stands where an imported instance's order would be derived to. */
  instanceAlias: 'instance-alias',
  orderNotice: 'order-notice',
  auditEntry: 'audit-entry',
  nonce: 'nonce',
  /** Leads from a buyer's pseudonym to an instance. */
  customerPointer: 'customer-pointer',
  /** An item of the seller's own. */
  note: 'note',
  /** A licence code (License 2.0). */
  license: 'license',
  licenseApplication: 'license-application',
  /** Key of a customer for the seller's models. */
  apiKey: 'api-key',
  tenant: 'tenant',
  tenantApplication: 'tenant-application',
  /** Finds an application of a tenant for a login. */
  loginPointer: 'login-pointer',
  user: 'user',
  department: 'department',
  /** Points to the parts of a tenant's newest full tree of departments. */
  departmentTree: 'department-tree',
  departmentTreePart: 'department-tree-part',
  usageRecord: 'usage-record',
  reconcileCursor: 'reconcile-cursor',
  /** Progress of sealing everything anew, and the mark that it is done. */
  sealing: 'sealing',
  /** Remembers the ids of all products that the table has ever served. */
  registry: 'registry',
  /** Lets one of several servers run a timed job. */
  jobLease: 'job-lease',
  /** Closes the table while it is moved. */
  closing: 'closing',
  /** Finds something that somebody has to look at, such as a change that was set aside. */
  trouble: 'trouble',
  /** State of an alarm. */
  alarm: 'alarm',
  /** Progress of the daily digest. */
  digest: 'digest',
  /** Counts the calls of a product in an hour. */
  observation: 'observation',
} as const;

/** A value of the attribute `type`. */
export type ItemType = (typeof ITEM_TYPE)[keyof typeof ITEM_TYPE];

/** An item as it is written first. What is read back is `Item`: it may be older than the attribute. */
export type NewItem<Item> = Item & { readonly type: ItemType };
