import type { Credentials } from '../../features/service/softphone/types.ts';

/** The server's data about a caller. */
export interface CallerSaid {
  name: string;
  href: string;
  isOpen: boolean;
  /** The time and the procedure. */
  text: string;
}

export type CredentialsAnswer =
  | { ok: true; credentials: Credentials }
  | { ok: false; why: 'signedOut' | 'noSecret' | 'lost' };

const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers });

/** Requests the credentials for the exchange. `isIdle`: without activity, so that the request doesn't extend the session. */
export async function askCredentials(base: string, isIdle: boolean): Promise<CredentialsAnswer> {
  try {
    const headers: Record<string, string> = isIdle ? { 'X-Refresh': '1' } : {};
    const answer = await post(`${base}/phone/credentials`, {}, headers);
    if (answer.ok) return { ok: true, credentials: (await answer.json()) as Credentials };
    return { ok: false, why: answer.status === 401 ? 'signedOut' : await reasonOf(answer) };
  } catch {
    return { ok: false, why: 'lost' };
  }
}

/** A server that can't serve for a while answers 503 too, with a page. */
async function reasonOf(answer: Response): Promise<'noSecret' | 'lost'> {
  const isOurs = answer.headers.get('Content-Type')?.includes('json') ?? false;
  const said = isOurs ? ((await answer.json()) as { reason?: string }) : {};
  return said.reason === 'no_secret' ? 'noSecret' : 'lost';
}

/** Returns the possible callers; an empty list when the server can't answer. */
export async function whoCalls(base: string, number: string): Promise<CallerSaid[]> {
  try {
    const answer = await post(`${base}/phone/caller`, { number });
    return answer.ok ? ((await answer.json()) as CallerSaid[]) : [];
  } catch {
    return [];
  }
}

export function report(base: string, fields: Record<string, string>): void {
  // This may be the page's last request.
  void fetch(`${base}/phone/call`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    keepalive: true,
  }).catch(() => {});
}

/** Logs an attempt without its page; resolves to whether it is stored. */
export async function logAttempt(
  base: string,
  appointment: string,
  fields: { number: string; outcome: string },
): Promise<boolean> {
  try {
    const noted = { ...fields, anyway: '1' }; // the call was made
    return (await post(`${base}/appointment/${appointment}/attempt`, noted)).ok;
  } catch {
    return false;
  }
}

/** Removes an answer that was a machine's. */
export async function wasVoicemail(
  base: string,
  appointment: string,
  number: string,
): Promise<boolean> {
  try {
    return (await post(`${base}/appointment/${appointment}/voicemail`, { number })).ok;
  } catch {
    return false;
  }
}
