import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { readClosing } from '../../../../lib/instances/closing.ts';
import { checkRegistry, ProductsMissing } from '../../../../lib/instances/registry.ts';
import type { OpenTable, Table } from '../../../../lib/table/table.ts';
import { withTableOf } from '../place.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('table');

/** Milliseconds that this machine's clock may differ from the database's. */
const CLOCK_MS = 5_000;
/** Indexes of the newest schema. */
const INDEXES = ['due', 'order'];

/** Looks at the table: schema, safety nets, products, whether it is open. */
export async function checkTable({ place, config }: Visit): Promise<readonly DoctorFinding[]> {
  return withTableOf(place, async ({ table, place: where }) => {
    const engine = isOpenTable(table) ? await inDatabase(table, place.terminal.clock) : await onDynamoDB(table);
    if (engine.some(({ name }) => name === 'gone' || name === 'unfit')) return engine;
    return [...engine, ...(await ofContent(table, where, config))];
  });
}

function isOpenTable(table: Table): table is OpenTable {
  return 'check' in table;
}

async function inDatabase(table: OpenTable, clock: () => number): Promise<DoctorFinding[]> {
  try {
    await table.check();
  } catch (error) {
    if (Object(error).name !== 'TableUnfit') throw error;
    return [todo('unfit', { cause: Object(error).message })];
  }
  const before = clock();
  const there = await table.now();
  const after = clock();
  const offset = before > there ? before - there : Math.min(after - there, 0);
  const seconds = (Math.abs(offset) / 1_000).toFixed(1);
  return [
    good('schema', { table: table.name }),
    Math.abs(offset) > CLOCK_MS ? advice('clock', { seconds }) : good('clock-right', { seconds }),
  ];
}

async function onDynamoDB({ client, name }: Table): Promise<DoctorFinding[]> {
  const described = await client.send(new DescribeTableCommand({ TableName: name })).catch((error) => {
    if (Object(error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  });
  if (described === undefined) return [todo('gone', { table: name })];
  const { TableStatus, GlobalSecondaryIndexes = [], StreamSpecification } = described.Table ?? {};
  const missing = INDEXES.filter((index) => !GlobalSecondaryIndexes.some(({ IndexName }) => IndexName === index));
  return [
    TableStatus === 'ACTIVE' ? good('active', { table: name }) : todo('inactive', { state: String(TableStatus) }),
    ...(missing.length === 0
      ? [good('schema', { table: name })]
      : [todo('no-index', { table: name, index: missing.join(', ') })]),
    ...(StreamSpecification?.StreamEnabled ? [] : [todo('no-stream', { table: name })]),
    ...(await expiry({ client, name })),
    ...(await backups({ client, name })),
    ...(described.Table?.DeletionProtectionEnabled ? [] : [advice('unprotected', { table: name })]),
  ];
}

async function expiry({ client, name }: Table): Promise<DoctorFinding[]> {
  try {
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
    return TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED' ? [] : [todo('no-expiry', { table: name })];
  } catch (error) {
    return [unknown('expiry', { cause: causeOf(error) })];
  }
}

async function backups({ client, name }: Table): Promise<DoctorFinding[]> {
  try {
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: name }),
    );
    const { PointInTimeRecoveryStatus: state } = ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
    return [state === 'ENABLED' ? good('backups') : todo('no-backups', { table: name })];
  } catch (error) {
    return [unknown('backups-unseen', { cause: causeOf(error) })];
  }
}

async function ofContent(table: Table, where: string, config: Visit['config']): Promise<DoctorFinding[]> {
  const closing = await readClosing(table);
  const closed = closing?.closed ? [todo('closed', { place: where })] : [];
  try {
    await checkRegistry(table, config);
    return closed;
  } catch (error) {
    if (!(error instanceof ProductsMissing)) throw error;
    return [...closed, todo('products-missing', { cause: error.message })];
  }
}
