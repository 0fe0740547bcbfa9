import { Mistake, type Parse, type reader, sharedSecret } from '../environment.ts';
import { turnAddresses } from '../http/addresses.ts';
import { isTurn, type RelaySettings } from './turn.ts';

/** The settings of what calls go through: the relay, the speech-to-text engines, and the telephone exchange. */
export interface CallSettings {
  /** The TURN server for video calls without a direct way; null: there is none. */
  turn: RelaySettings | null;
  /** The secret shared with the speech-to-text engines of captions; null: there are no captions. */
  captionsSecret: string | null;
  /** The credentials with which the exchange accepts the desks that call from the console. */
  sip: { secret: string | null; passwords: Record<string, string> };
}

type Variable = ReturnType<typeof reader>;

/** Reads the variables of calls. */
export function readCalls(variable: Variable, mistakes: string[]): CallSettings {
  return {
    turn: readTurn(variable, mistakes),
    captionsSecret: variable('CAPTIONS_SECRET', null, sharedSecret),
    sip: {
      secret: variable('SIP_SECRET', null, (text) => text),
      passwords: variable('SIP_PASSWORDS', '{}', sipPasswords),
    },
  };
}

/** Reads the relay's variables. Without TURN_URLS there is none, and a secret has no effect. */
function readTurn(variable: Variable, mistakes: string[]): RelaySettings | null {
  const urls = variable('TURN_URLS', null, turnAddresses);
  const secret = variable('TURN_SECRET', null, (text) => text);
  if (!urls) return null;
  if (urls.some(isTurn) && !secret)
    mistakes.push(
      'TURN_URLS names a TURN server, so TURN_SECRET must be the secret shared with it.',
    );
  return { urls, secret };
}

const sipPasswords: Parse<Record<string, string>> = (text) => {
  const mistake = new Mistake('must be passwords in JSON, such as {"103@sip.vilaclara.cat":"…"}');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mistake;
    const entries = Object.entries(value);
    const isRight = ([name, word]: [string, unknown]) =>
      /^[^\s@]+@[^\s@]+$/.test(name) && typeof word === 'string' && word !== '';
    return entries.every(isRight) ? Object.fromEntries(entries) : mistake;
  } catch {
    return mistake;
  }
};
