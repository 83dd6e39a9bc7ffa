import { bodySign } from '../protocol/body-sign.ts';
import { asciiJson } from '../protocol/json.ts';
import { isAnswer, type RouteMiddleware, type RouteRequest } from './route.ts';

/**
 * Serialises the answer once, signs those bytes and sends those bytes, with the key that verified the call.
 * Every answer for a known product leaves here, refusals too. Source of the header:
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649177.html
 */
export function signBody(): RouteMiddleware {
  return { after: sign, onError: sign };
}

function sign(request: RouteRequest): void {
  const answer = request.response;
  const { answerKey } = request.internal;
  if (!isAnswer(answer)) return;
  if (answerKey === undefined) {
    request.response = { statusCode: 503, body: '' };
    return;
  }
  request.internal.resultCode = answer.resultCode;
  const body = asciiJson(answer);
  request.response = {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json', 'Body-Sign': bodySign(answerKey, body) },
    body,
  };
}
