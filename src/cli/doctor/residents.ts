import type { ResidentsSettings } from '../../domain/office/connectors/residents.ts';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { type Finding, warning, wrong } from './report.ts';

/** Looks at how the register of inhabitants is asked. It isn't asked for anybody: each look is on record there. */
export function aboutResidents(
  settings: ResidentsSettings | undefined,
  key: SigningKey | null,
): Finding[] {
  if (settings?.kind !== 'padro') return [];
  if (!key)
    return [
      wrong(
        'The register of inhabitants can’t be asked by PADRO: REGISTRY_KEY and REGISTRY_CERTIFICATE are not set.',
        'Name the files of the key and of the certificate that the AOC authorised: docs/residents.md.',
      ),
    ];
  return settings.leavesOutProtected
    ? []
    : [
        warning(
          'Certificates of households go to an official: the town file doesn’t say that the register leaves out people whose address is protected.',
          'Ask whoever keeps the register; then set residents.leavesOutProtected.',
        ),
      ];
}
