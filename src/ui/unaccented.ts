// Islands may import from ui but not from lib.
export { unaccented } from '../lib/unaccented.ts';
