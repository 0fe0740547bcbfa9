import { linkForm, type PurposeKey } from '../../../lib/secrets.ts';
import type { Case } from './types.ts';

/** Returns the secret of a case's link, which differs after each replacement of the link. */
export const linkSecret = (key: PurposeKey, { id, link }: Pick<Case, 'id' | 'link'>): string =>
  linkForm(key.of(id).derive(link === 0 ? `case ${id}` : `case ${id} ${link}`));
