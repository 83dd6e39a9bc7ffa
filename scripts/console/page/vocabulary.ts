import { certifySentences } from '../../cli/messages/certify.ts';
import { checks } from '../../cli/messages/checks.ts';
import { common } from '../../cli/messages/common.ts';
import { doctorContent } from '../../cli/messages/doctor-content.ts';
import { doctorSignature } from '../../cli/messages/doctor-signature.ts';
import { forgerySentences } from '../../cli/messages/forgeries.ts';
import { reportSentences } from '../../cli/messages/report.ts';
import type { Sentence } from '../../language/sentence.ts';
import { problemSentences } from '../problem-sentences.ts';
import { pageSentences } from '../sentences.ts';

/** Every sentence that the page can say, by name: its own, and those of the checks and findings that it shows. */
export const VOCABULARY: Readonly<Record<string, Sentence>> = {
  ...common,
  ...checks,
  ...certifySentences,
  ...forgerySentences,
  ...reportSentences,
  ...doctorSignature,
  ...doctorContent,
  ...pageSentences,
  ...problemSentences,
};
