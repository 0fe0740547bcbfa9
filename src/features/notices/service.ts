export { dropPending, oweNotices } from './store.ts';
