import { checkedUrl } from '../http.ts';

/**
 * The header of the gateway's simple authentication, with which a buyer calls an API product in place of a signature.
 * The gateway compares it as it is and protects no content, so it goes over https alone. The marketplace's own open APIs
 * take no AppCode.
 * @param url what will be called with it
 * @throws Error, without the AppCode in its text, if the address is not https (http on loopback alone) or the AppCode
 * cannot be one
 */
export function appCodeHeaders(url: string | URL, appCode: string): { readonly 'X-Apig-AppCode': string } {
  checkedUrl(String(url), 'The address of the API product');
  if (!/^[\x21-\x7e]+$/.test(appCode)) {
    throw new Error('The AppCode is empty or holds characters that no AppCode has: copy it again from the console.');
  }
  return { 'X-Apig-AppCode': appCode };
}
