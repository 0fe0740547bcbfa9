import type { TokenRequest } from '../../src/features/foundation/tokens/types.ts';
import type { Town } from './town.ts';

/** The common parts of the attack stories: plain HTTP against a running server. */

/** An answer of the API. */
export interface ApiAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: stories look into answers of every shape
  json: any;
}

/** Another system that brings a token: `path` is below the office `oac`, and a `json` makes it a POST unless said otherwise. */
export type Caller = (
  path: string,
  request?: { method?: string; json?: unknown; from?: string },
) => Promise<ApiAnswer>;

/**
 * Returns a caller of the API with this token. `from`: the client's address, as the town's proxy reports it.
 */
export function callerWith(town: Pick<Town, 'origin'>, token: string): Caller {
  return async (path, { method, json, from } = {}) => {
    const response = await fetch(`${town.origin}/api/v1/offices/oac${path}`, {
      method: method ?? (json === undefined ? 'GET' : 'POST'),
      headers: {
        Authorization: `Bearer ${token}`,
        ...(from && { 'X-Forwarded-For': from }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    return { status: response.status, json: await response.json() };
  };
}

/** Makes a token of the office `oac`, valid for a year and from anywhere unless the story says otherwise. */
export function makeToken(
  town: Town,
  scopes: readonly string[],
  more: Partial<TokenRequest> = {},
): Promise<string> {
  return town.operate(async ({ tokens, offices }) => {
    const office = (await offices.find('oac'))!;
    const usual = { name: 'Story', lastDay: null, networks: '' };
    const made = await tokens.create(office, { ...usual, scopes, ...more });
    if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
    return made.token;
  });
}
