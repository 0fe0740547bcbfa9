import type { reader } from '../environment.ts';
import { certificate, privateKey } from '../provider-secrets.ts';

/** The key with which requests to the town's registry are signed, and its certificate, PEM. */
export interface SigningKey {
  key: string;
  certificate: string;
}

export interface RegistryKeys {
  /** What signs requests to the registry that the town file names; null: the environment has none. */
  registryKey: SigningKey | null;
}

/** Reads REGISTRY_KEY and REGISTRY_CERTIFICATE, each also as a file. */
export function readRegistryKeys(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
): RegistryKeys {
  const key = variable('REGISTRY_KEY', null, privateKey);
  const own = variable('REGISTRY_CERTIFICATE', null, certificate);
  if (key && own) return { registryKey: { key, certificate: own } };
  if (key || own)
    mistakes.push('REGISTRY_KEY and REGISTRY_CERTIFICATE belong together: set both or neither.');
  return { registryKey: null };
}
