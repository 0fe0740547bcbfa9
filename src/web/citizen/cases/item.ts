import type { FormPage } from '../../../domain/form/pages.ts';
import { itemsOf } from '../../../features/service/cases/rules.ts';
import type { Filling } from './filling.ts';

/** The hidden field that names the item of a group, so that a page of one that was removed meanwhile changes no other. */
export const KEY_FIELD = 'item';

/** Returns the key of the item of a page. */
export function itemKey({ answers }: Filling, page: FormPage): string {
  const [step = '', question = ''] = page.id.split('/');
  return itemsOf(answers, `${step}.${question}`)[page.item ?? 0]?.key ?? '';
}
