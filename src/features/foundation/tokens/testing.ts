import { SCOPES } from '../../../domain/scopes.ts';
import type { Tokens } from './service.ts';
import type { TokenRequest } from './types.ts';

/** Makes a token for tests: with every scope, for a year, from anywhere, unless the test says otherwise. */
export async function makeToken(
  tokens: Pick<Tokens, 'create'>,
  office: { id: number; timeZone: string },
  request: Partial<TokenRequest> = {},
): Promise<{ id: number; token: string }> {
  const usual = { name: 'Test', scopes: SCOPES, lastDay: null, networks: '' };
  const made = await tokens.create(office, { ...usual, ...request });
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return made;
}
