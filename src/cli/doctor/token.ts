import { randomBytes } from 'node:crypto';
import { type Pkcs11Settings, pkcs11Roots } from '../../lib/keys/pkcs11.ts';
import { fileRoots } from '../../lib/keys/roots.ts';
import { PlainError } from '../../lib/plain-error.ts';
import { type Finding, right, wrong } from './report.ts';

/** Checks that the PKCS #11 token wraps and unwraps. It makes no key: the server does at its first start. */
export async function aboutToken(settings: Pkcs11Settings): Promise<Finding> {
  try {
    const roots = await pkcs11Roots(
      settings,
      fileRoots(() => []),
    );
    const root = await roots.find(`pkcs11 ${settings.token}/${settings.key}`);
    if (!root) return right('The PKCS #11 token answers; the first start makes its key.');
    const key = randomBytes(32);
    const data = Buffer.from('doctor');
    const opened = await root.unwrap(await root.wrap(key, data), data);
    return opened.equals(key)
      ? right('The PKCS #11 token wraps and unwraps.')
      : wrong('The PKCS #11 token does not give back what it wrapped.');
  } catch (error) {
    if (error instanceof PlainError) return wrong(error.message);
    throw error;
  }
}
