import { fill, type Locale, type Sentence } from '../../language/sentence.ts';
import { alarmSentences } from './alarms.ts';
import { certifySentences } from './certify.ts';
import { chaosSentences } from './chaos.ts';
import { checks } from './checks.ts';
import { common } from './common.ts';
import { consoleSentences } from './console.ts';
import { doctorContent } from './doctor-content.ts';
import { doctorSignature } from './doctor-signature.ts';
import { eraseSentences } from './erase.ts';
import { exportSentences } from './export.ts';
import { forgerySentences } from './forgeries.ts';
import { gatewaySentences } from './gateway.ts';
import { help } from './help.ts';
import { doctorHelp } from './help-doctor.ts';
import { importOrderSentences } from './import-orders.ts';
import { ledgerSentences } from './ledger.ts';
import { lifeSentences } from './life.ts';
import { newSentences } from './new.ts';
import { openApiSentences } from './open-apis.ts';
import { operationsSentences } from './operations.ts';
import { operatorSentences } from './operator.ts';
import { orderSentences } from './orders.ts';
import { overviewSentences } from './overview.ts';
import { reportSentences } from './report.ts';
import { serveSentences } from './serve.ts';
import { tableSentences } from './table.ts';
import { tableCheckSentences } from './table-check.ts';
import { tableMoveSentences } from './table-move.ts';
import { visitSentences } from './visit.ts';
import { visitKeySentences } from './visit-keys.ts';
import { visitOutsideSentences } from './visit-outside.ts';

/** All that commands say. */
export const SENTENCES: Readonly<Record<string, Sentence>> = {
  ...common,
  ...help,
  ...doctorHelp,
  ...checks,
  ...certifySentences,
  ...forgerySentences,
  ...gatewaySentences,
  ...chaosSentences,
  ...consoleSentences,
  ...importOrderSentences,
  ...ledgerSentences,
  ...lifeSentences,
  ...newSentences,
  ...alarmSentences,
  ...openApiSentences,
  ...operationsSentences,
  ...exportSentences,
  ...eraseSentences,
  ...operatorSentences,
  ...orderSentences,
  ...overviewSentences,
  ...reportSentences,
  ...serveSentences,
  ...tableSentences,
  ...tableCheckSentences,
  ...tableMoveSentences,
  ...visitSentences,
  ...visitKeySentences,
  ...visitOutsideSentences,
  ...doctorSignature,
  ...doctorContent,
};

/** Says the sentence of a name in the reader's language. A name without a sentence is a bug and shows as itself. */
export type Say = (id: string, values?: Readonly<Record<string, string | number>>) => string;

export function speaker(locale: Locale): Say {
  return (id, values = {}) => fill(SENTENCES[id]?.[locale === 'zh' ? 1 : 0] ?? id, values);
}

export function hasSentence(id: string): boolean {
  return Object.hasOwn(SENTENCES, id);
}

/** Every name and its sentence, for the tests. */
export const allSentences: readonly (readonly [string, Sentence])[] = Object.entries(SENTENCES);
