import type { LicenseApplication } from '../seller/license-contract.ts';
import { callHook, type Task } from './call-hook.ts';
import { type HookAnswer, readIssued } from './hook-answers.ts';
import { LicenseTooLarge, withFileRead } from './license-file.ts';

/**
 * Asks the seller's code for a licence and reads it to its end, a file's stream too, within the time of the hook. One that
 * is too large ends the application: no attempt would make it smaller.
 * @throws Nonsense, TimeUp, or what the hook throws
 */
export async function askForLicense(task: Task, application: LicenseApplication): Promise<HookAnswer> {
  try {
    const answer = await callHook(task, 'issueLicense', async (seller, context) =>
      withFileRead(await seller.issueLicense?.(application, context)),
    );
    return readIssued(answer);
  } catch (error) {
    if (error instanceof LicenseTooLarge) return { kind: 'failed', reason: error.message };
    throw error;
  }
}
