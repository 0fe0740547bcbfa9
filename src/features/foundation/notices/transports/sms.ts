import type { SmsSettings } from '../../../../config.ts';
import { fill, formValue, jsonInside } from '../../../../lib/fill.ts';
import type { Delivery, Failure } from '../../outbox/types.ts';
import { oneLine } from '../plain.ts';
import type { Outgoing, Transport } from '../types.ts';

const TIMEOUT_MS = 30_000;
/** Maximum response bytes read; the response is a short status. */
const MOST_READ = 10_000;
/** Status codes about this number or this text. Other errors (401, 404, 429) are not caused by the message. */
const REFUSALS = new Set([400, 413, 422]);

/**
 * Sends through a gateway's HTTP interface. The environment defines the request's format. It tries once, like
 * the mail transport; a repetition has the same Idempotency-Key, for gateways that support it.
 */
export function smsTransport(settings: SmsSettings): Transport {
  const stopping = new AbortController();
  return {
    send: async (outgoing) => {
      try {
        const answer = await fetch(settings.url, {
          ...requestOf(settings, outgoing),
          redirect: 'manual', // the key isn't sent to the target of a redirect
          signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        return deliveryOf(settings, answer.status, await textOf(answer));
      } catch (error) {
        return unreachable(error);
      }
    },
    close: () => stopping.abort(),
  };
}

function requestOf(settings: SmsSettings, { id, to, message }: Outgoing): RequestInit {
  const { method, headers, body, sender } = settings;
  const isJson = /^\s*[[{]/.test(body);
  const values = { to, digits: to.replace(/\D/g, ''), text: message.text, id, sender };
  return {
    method,
    headers: {
      'Content-Type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      Accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
      'Idempotency-Key': id,
      ...headers,
    },
    body: fill(body, values, isJson ? jsonInside : formValue),
  };
}

async function textOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > MOST_READ) break;
  }
  return text.slice(0, MOST_READ);
}

function deliveryOf({ accepted }: SmsSettings, status: number, text: string): Delivery {
  const isYes = status >= 200 && status < 300;
  const answer = oneLine(`${status} ${text}`).slice(0, 500);
  if (isYes && (accepted === null || accepted.test(text))) return { ok: true, answer };
  return {
    ok: false,
    permanent: REFUSALS.has(status),
    answered: true,
    code: isYes ? 'not-accepted' : `${status}`,
    reason: answer,
  };
}

function unreachable(error: unknown): Failure {
  if (!(error instanceof Error)) throw error;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : error.name;
  const reason = oneLine(cause.message).slice(0, 500);
  return { ok: false, permanent: false, answered: false, code, reason };
}
