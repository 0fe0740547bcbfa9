import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

/** Credential ids are at most 1,023 bytes (WebAuthn, 4). */
const id = z.string().regex(/^[\w-]{1,1364}$/);
/** Base64url. */
const bytes = z.string().regex(/^[\w-]{1,40000}$/);

const assertion = z.object({
  id,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish(),
  }),
});

const registration = z.object({
  id,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(30)).max(10).nullish(),
  }),
});

const PUBLIC_KEY = { type: 'public-key', clientExtensionResults: {} } as const;

/** Reads a browser's message about a used passkey; null when it isn't valid. */
export function readAssertion(json: string): AuthenticationResponseJSON | null {
  const read = assertion.safeParse(parsed(json));
  if (!read.success) return null;
  const { id, response } = read.data;
  const { userHandle, ...rest } = response;
  return {
    ...PUBLIC_KEY,
    id,
    rawId: id,
    response: { ...rest, ...(userHandle && { userHandle }) },
  };
}

/** Reads a browser's message about a new passkey. */
export function readRegistration(json: string): RegistrationResponseJSON | null {
  const read = registration.safeParse(parsed(json));
  if (!read.success) return null;
  const { id, response } = read.data;
  const { transports, ...rest } = response;
  return {
    ...PUBLIC_KEY,
    id,
    rawId: id,
    response: { ...rest, ...(transports && { transports }) },
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
