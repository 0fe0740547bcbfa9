// Islands know of lib what ui shows them.
export { unaccented } from '../lib/unaccented.ts';
