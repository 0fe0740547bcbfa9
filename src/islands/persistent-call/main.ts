/**
 * What the console's pages mark with `data-home` goes on while they change, as long as an island says `data-goes-on` in it: a
 * video call.
 */
import { hasLive, watchLive } from './carry.ts';
import { keepLive } from './page.ts';

keepLive(hasLive);
watchLive();
