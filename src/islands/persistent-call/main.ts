/** Keeps elements with `data-home` while the console's pages change, as long as an island sets `data-goes-on` in them: a video call. */
import { hasLive, watchLive } from './carry.ts';
import { keepLive } from './page.ts';

keepLive(hasLive);
watchLive();
