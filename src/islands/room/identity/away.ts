import type { RoomPage } from '../page.ts';

/**
 * Notes whether the citizen identifies elsewhere: in another tab, or in the app of a provider, while their page is not in sight. Returns
 * whether that is new.
 */
export function noteAway(page: RoomPage, isHidden: boolean): boolean {
  const isAsked = page.identity !== null && page.identity.state !== 'identified';
  const isAway = isHidden && page.side === 'citizen' && (page.isAway || isAsked);
  const isNew = isAway !== page.isAway;
  page.isAway = isAway;
  return isNew;
}
