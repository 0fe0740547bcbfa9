import type { Config } from '../../../config.ts';
import type { FolderSettings } from '../../../domain/office/connectors/folder.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** Checks that the hub of folders which the town file names can be told from others. */
export function aboutFolder(
  settings: FolderSettings | undefined,
  {
    baseUrl,
    folderSecret,
    declaredProxies,
  }: Pick<Config, 'baseUrl' | 'folderSecret' | 'declaredProxies'>,
): Finding[] {
  if (!settings) return [];
  const place = `${baseUrl}/hub/consultaCitesPrevies`;
  if (settings.addresses.length > 0 && declaredProxies === 0)
    return [
      wrong(
        'The Hub de Carpetes is refused: its network address can’t be seen behind a proxy.',
        'Set TRUSTED_PROXIES to the number of proxies before the server, or take addresses out of folder in the town file.',
      ),
    ];
  if (settings.isTrial)
    return [
      warning(
        `The Hub de Carpetes is on trial: ${place} answers for the fictitious NIF 00000000T alone.`,
        'Before production take isTrial out of folder in the town file, and add certificates.',
      ),
    ];
  if (folderSecret === null)
    return [
      wrong(
        'The Hub de Carpetes is refused: FOLDER_SECRET is not set.',
        'Set it here and in the proxy that checks the certificate of the hub: docs/operating.md, Hub de Carpetes.',
      ),
    ];
  return [right(`The Hub de Carpetes may ask at ${place}.`)];
}
